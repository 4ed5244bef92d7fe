package formats

import (
	"bufio"
	"io"
	"strings"

	"github.com/pkg/errors"
)

// MaxLine is the limit of a line in bytes, in files that are read line by line.
const MaxLine = 1 << 20

// Limits of a list of lines, so that a damaged file cannot fill the memory.
const (
	maxLines = 1 << 22
	maxList  = 1 << 26 // bytes of all lines
)

// Lines reads the lines of a text one at a time.
type Lines struct {
	name string
	scan *bufio.Scanner
	line int
}

// NewLines reads lines from r; name stands for the file in errors.
func NewLines(name string, r io.Reader) *Lines {
	l := &Lines{name: name, scan: bufio.NewScanner(r)}
	l.scan.Buffer(nil, MaxLine)
	return l
}

// Next returns the next line without its end, or io.EOF after the last one. Other errors name file and line: a failure of the
// reader, and a line that is longer than MaxLine.
func (l *Lines) Next() (string, error) {
	if l.scan.Scan() && l.scan.Err() == nil { // a line that broke off comes with an error
		l.line++
		return l.scan.Text(), nil
	}
	if err := l.scan.Err(); err != nil {
		return "", ScanError(err, l.name, l.line+1, MaxLine)
	}
	return "", io.EOF
}

// Line returns the number of the line that Next returned last, from 1.
func (l *Lines) Line() int { return l.line }

// ReadLines returns the lines of a plain or gzip file, without line ends. An empty line is an error: the files are
// lists of names.
func ReadLines(path string) ([]string, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := NewText(path, f)
	if err != nil {
		return nil, err
	}
	var list []string
	held := 0
	for lines := NewLines(path, text); ; {
		line, err := lines.Next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if line = strings.TrimSpace(line); line == "" {
			return nil, errors.Errorf("%s:%d: empty line", path, lines.Line())
		}
		if held += len(line); len(list) == maxLines || held > maxList {
			return nil, errors.Errorf("%s:%d: the list is longer than the limit of %d lines or %d bytes", path, lines.Line(), maxLines, maxList)
		}
		list = append(list, line)
	}
}

// ScanError names the place of an error of a [bufio.Scanner], and the limit if the line is longer.
func ScanError(err error, name string, line, limit int) error {
	if errors.Is(err, bufio.ErrTooLong) {
		err = errors.Errorf("the line is longer than the limit of %d bytes", limit)
	}
	return errors.Wrapf(err, "%s:%d", name, line)
}
