package sdf

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// tableV3000 is the state of a connection table of version V3000.
type tableV3000 struct {
	*molfile
	index              map[int]int32 // of the atoms, by their number in the file
	numAtoms, numBonds int           // announced by COUNTS
	bondWords          [][]string    // the lines of the bonds, which may precede the atoms
	bondAt             []int         // their indices
}

// v3000 reads the lines M  V30 up to M  END: the connection table, and blocks that it skips.
func (f *molfile) v3000() error {
	t := &tableV3000{molfile: f, index: map[int]int32{}}
	f.next++
	words, err := t.line()
	if err != nil {
		return err
	}
	if !begins(words, "BEGIN", "CTAB") {
		return f.errorf("expected M  V30 BEGIN CTAB")
	}
	if err := t.ctab(); err != nil {
		return err
	}
	for {
		f.next++
		if f.next < len(f.lines) && bytes.HasPrefix(f.lines[f.next], []byte("M  END")) {
			f.next++
			return nil
		}
		words, err := t.line()
		if err != nil {
			return err
		}
		if !begins(words, "BEGIN") || len(words) < 2 {
			return f.errorf("expected M  END")
		}
		switch words[1] {
		case "RGROUP":
			f.note("the definitions of R groups are ignored")
		case "TEMPLATE":
			f.note("templates are ignored")
		}
		if err := t.skip(words[1]); err != nil {
			return err
		}
	}
}

// ctab reads from COUNTS to END CTAB.
func (t *tableV3000) ctab() error {
	t.next++
	words, err := t.line()
	if err != nil {
		return err
	}
	if !begins(words, "COUNTS") || len(words) < 3 {
		return t.errorf("expected M  V30 COUNTS with the numbers of atoms and bonds")
	}
	for k, n := range []*int{&t.numAtoms, &t.numBonds} {
		if *n, err = strconv.Atoi(words[k+1]); err != nil || *n < 0 {
			return t.errorf("COUNTS: %s is no count", quote([]byte(words[k+1])))
		}
	}
	if have := len(t.lines) - t.next; t.numAtoms > have || t.numBonds > have {
		return t.errorf("%d atoms and %d bonds announced, but only %d lines follow", t.numAtoms, t.numBonds, have)
	}
	if t.numAtoms > chem.MaxAtoms {
		return t.errorf("%d atoms, more than %d", t.numAtoms, chem.MaxAtoms)
	}
	for {
		t.next++
		words, err := t.line()
		if err != nil {
			return err
		}
		switch {
		case begins(words, "END", "CTAB"):
			return t.finish()
		case begins(words, "BEGIN", "ATOM"):
			err = t.block("ATOM", t.atom)
		case begins(words, "BEGIN", "BOND"):
			err = t.block("BOND", t.bondLater)
		case begins(words, "BEGIN") && len(words) > 1:
			err = t.skip(words[1])
		case begins(words, "LINKNODE"):
			t.note("the query LINKNODE is ignored")
		default:
			err = t.errorf("expected a block or M  V30 END CTAB")
		}
		if err != nil {
			return err
		}
	}
}

// finish compares with the announced counts and adds the bonds, which may precede the atoms.
func (t *tableV3000) finish() error {
	if n := len(t.atoms); n != t.numAtoms || len(t.bondWords) != t.numBonds {
		return t.errorf("%d atoms and %d bonds, but %d and %d announced", n, len(t.bondWords), t.numAtoms, t.numBonds)
	}
	end := t.next
	for k, words := range t.bondWords {
		t.next = t.bondAt[k]
		if err := t.bondOf(words); err != nil {
			return err
		}
	}
	t.next = end
	return nil
}

// block calls read for each line up to the end of a block.
func (t *tableV3000) block(name string, read func([]string) error) error {
	for {
		t.next++
		words, err := t.line()
		if err != nil {
			return err
		}
		if begins(words, "END", name) {
			return nil
		}
		if err := read(words); err != nil {
			return err
		}
	}
}

// skip goes to the end of a block of any kind.
func (t *tableV3000) skip(name string) error {
	from := t.next
	for t.next++; t.next < len(t.lines); t.next++ {
		line := t.lines[t.next]
		if bytes.HasPrefix(line, []byte("M  END")) {
			break
		}
		if words := strings.Fields(string(line[:min(len(line), 80)])); len(words) > 3 && begins(words[2:], "END", name) {
			return nil
		}
	}
	t.next = from
	return t.errorf("the block %s has no end", quote([]byte(name)))
}

// line returns the words of a line M  V30 with those that continue it. Afterwards next is the last one of them.
func (t *tableV3000) line() ([]string, error) {
	var text []byte
	for {
		if t.next >= len(t.lines) {
			t.next = len(t.lines) - 1
			return nil, t.errorf("no line M  END")
		}
		part, ok := bytes.CutPrefix(t.lines[t.next], []byte("M  V30"))
		if !ok {
			return nil, t.errorf("expected a line that begins with M  V30")
		}
		part = bytes.TrimRight(part[min(1, len(part)):], " \t")
		whole, more := bytes.CutSuffix(part, []byte("-"))
		text = append(text, whole...)
		if len(text) > maxLine {
			return nil, t.errorf("the line with its continuations is longer than the limit of %d bytes", maxLine)
		}
		if !more {
			return t.split(string(text))
		}
		t.next++
	}
}

// split cuts a line at its blanks, but not within quotes, parentheses and brackets.
func (t *tableV3000) split(line string) ([]string, error) {
	var words []string
	begin, depth, quoted := -1, 0, false
	for k := range len(line) {
		switch c := line[k]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case (c == ' ' || c == '\t') && depth == 0:
			if begin >= 0 {
				words = append(words, line[begin:k])
			}
			begin = -1
			continue
		}
		if begin < 0 {
			begin = k
		}
	}
	if quoted || depth != 0 {
		return nil, t.errorf("a quote, parenthesis or bracket has no end")
	}
	if begin >= 0 {
		words = append(words, line[begin:])
	}
	return words, nil
}

// begins reports whether the words begin with those of a keyword.
func begins(words []string, keyword ...string) bool {
	if len(words) < len(keyword) {
		return false
	}
	for k, w := range keyword {
		if words[k] != w {
			return false
		}
	}
	return true
}
