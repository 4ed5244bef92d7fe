package molfiles

import (
	"bufio"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// beginSMILES reads a SMILES and a name from each line. first is the first line that is no comment, and before the number of lines before it.
func (r *Reader) beginSMILES(text *bufio.Reader, first string, before int) {
	header := 0 // its line
	if word, _ := cutBlank(first); strings.EqualFold(word, "smiles") {
		header = before + 1
		r.notes = append(r.notes, "The first line is a header.")
	}
	lines := formats.NewLines(r.name, text)
	r.next = func() (*Record, error) {
		for blank := 0; ; blank++ {
			if blank > formats.MaxBlank {
				return nil, errors.Errorf("%s:%d: more than %d empty lines and comments in a row, the limit", r.name, lines.Line(), formats.MaxBlank)
			}
			line, err := lines.Next()
			if err != nil {
				return nil, err
			}
			if strings.TrimSpace(line) == "" || line[0] == '#' || lines.Line() == header {
				continue
			}
			// A tab at the beginning follows an empty SMILES; spaces are for the eye.
			rec := &Record{Line: lines.Line()}
			rec.SMILES, rec.Name = cutBlank(strings.TrimLeft(line, " "))
			rec.pending = true
			return rec, nil
		}
	}
}

// cutBlank cuts a text at its first blank.
func cutBlank(s string) (word, rest string) {
	i := strings.IndexAny(s, " \t\v\f")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// parse reads a SMILES, and names what people write in its place.
func parse(text string) (*chem.Mol, error) {
	switch {
	case text == "":
		return nil, errors.New("no SMILES")
	case strings.HasPrefix(text, "InChI="):
		return nil, errors.New("an InChI, not a SMILES")
	}
	m, err := smiles.Parse(text)
	if err != nil && isReaction(text) {
		return nil, errors.New("a reaction, not a molecule")
	}
	return m, err
}

// isReaction reports whether a text has the two > of a reaction outside brackets, where -> is a dative bond.
func isReaction(text string) bool {
	n, depth := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth == 0 && (i == 0 || text[i-1] != '-') {
				n++
			}
		}
	}
	return n == 2
}
