package formats

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/pkg/errors"
)

// textBuffer is the size of the buffer of a text, the most that a caller can peek at.
const textBuffer = 1 << 16

// NewText returns a reader of a plain text: without a byte order mark, and all line ends are \n, also where the file has \r\n or \r.
// It returns an error that says what the file is if it is no text; name stands for it in errors.
func NewText(name string, r io.Reader) (*bufio.Reader, error) {
	if r == nil {
		return nil, errors.Errorf("%s: nothing to read from", name)
	}
	b := bufio.NewReaderSize(r, textBuffer)
	head, err := b.Peek(4096)
	if err != nil && err != io.EOF {
		if !strings.Contains(err.Error(), name) {
			err = errors.Wrap(err, name)
		}
		return nil, err
	}
	if what := Foreign(head); what != "" {
		return nil, errors.Errorf("%s: this is %s", name, what)
	}
	if bytes.HasPrefix(head, []byte("\uFEFF")) {
		b.Discard(3) // no error: they have been peeked at
	}
	return bufio.NewReaderSize(Newlines(b), textBuffer), nil
}

// Newlines returns a reader that turns the line ends \r\n and \r, which some spreadsheets still write, into \n.
func Newlines(r io.Reader) io.Reader { return &newlines{r: r} }

type newlines struct {
	r  io.Reader
	cr bool // the last byte was a \r
}

func (n *newlines) Read(b []byte) (int, error) {
	for {
		k, err := n.r.Read(b)
		kept := n.convert(b[:k])
		if kept > 0 || err != nil || len(b) == 0 {
			return kept, err
		}
	}
}

// convert changes b in place and returns the number of bytes that are left.
func (n *newlines) convert(b []byte) int {
	if !n.cr && bytes.IndexByte(b, '\r') < 0 {
		return len(b)
	}
	kept := 0
	for _, c := range b {
		if c == '\n' && n.cr {
			n.cr = false
			continue
		}
		if n.cr = c == '\r'; n.cr {
			c = '\n'
		}
		b[kept] = c
		kept++
	}
	return kept
}
