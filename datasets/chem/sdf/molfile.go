package sdf

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// FormatError reports the line at which a text is not a valid molfile or SD file, or exceeds a limit.
type FormatError struct {
	File string // Reader.Name, may be empty
	Line int    // 1-based
	Msg  string
}

func (e *FormatError) Error() string {
	switch {
	case e == nil:
		return "sdf: no error"
	case e.File != "":
		return fmt.Sprintf("sdf: %s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("sdf: line %d: %s", e.Line, e.Msg)
}

// ParseMolfile reads one molfile (MDL connection table, version V2000 or V3000) and completes the molecule as chem.New does. It drops
// coordinates and drawn stereochemistry, and ignores everything after the line M  END.
//
// For a text that is not a molfile the error is a *FormatError, and for an impossible molecule a *chem.AtomError, both with the line.
func ParseMolfile(r io.Reader) (*chem.Mol, error) {
	rec, err := NewReader(r).Next()
	if err == io.EOF {
		return nil, &FormatError{Line: 1, Msg: "empty molfile"}
	}
	if err != nil {
		return nil, err
	}
	return rec.Mol, rec.Err
}

// molfile is the state of reading one connection table.
type molfile struct {
	lines [][]byte
	first int // number of lines[0] in the file
	next  int // index of the line to read next

	atoms    []chem.Atom
	bonds    []chem.Bond
	atomLine []int  // of each atom, 1-based
	bondLine []int  // of each bond
	valence  []int8 // valence field of each atom, 0 for none
	hasCHG   bool   // a line M  CHG or M  RAD has cleared the charges of the atom block
	notes    []string
}

// maxNotes limits the notes on one record.
const maxNotes = 10

// note adds something that a reader should know about the molecule.
func (f *molfile) note(format string, args ...any) {
	switch len(f.notes) {
	case maxNotes:
		f.notes = append(f.notes, "and more")
	case maxNotes + 1:
	default:
		f.notes = append(f.notes, fmt.Sprintf("line %d: ", f.first+f.next)+fmt.Sprintf(format, args...))
	}
}

func (f *molfile) errorf(format string, args ...any) error {
	return &FormatError{Line: f.first + f.next, Msg: fmt.Sprintf(format, args...)}
}

// parse reads the connection table at the beginning of lines. Afterwards next is the number of lines that it takes.
func (f *molfile) parse() (*chem.Mol, error) {
	if err := f.table(); err != nil {
		return nil, err
	}
	if len(f.atoms) == 0 {
		f.notes = append(f.notes, "no atoms")
	}
	f.applyValences()
	m, err := chem.New(f.atoms, f.bonds)
	if err != nil {
		return nil, f.place(err)
	}
	return m, nil
}

// place adds the line to an error of chem.New.
func (f *molfile) place(err error) error {
	var atom *chem.AtomError
	var bond *chem.BondError
	switch {
	case errors.As(err, &atom):
		atom.Line = f.atomLine[atom.Atom-1]
	case errors.As(err, &bond):
		return &FormatError{Line: f.bondLine[bond.Bond-1],
			Msg: fmt.Sprintf("second bond between atoms %d and %d", min(bond.Begin, bond.End), max(bond.Begin, bond.End))}
	default:
		return &FormatError{Line: f.first, Msg: err.Error()}
	}
	return err
}

// table reads the header, the counts line and, by its version, the rest.
func (f *molfile) table() error {
	for _, kind := range []struct{ begin, what string }{
		{"$RXN", "a reaction ($RXN), not a molecule"},
		{"$RDFILE", "an RD file ($RDFILE) of reactions or molecules, not an SD file"},
	} {
		if len(f.lines) > 0 && bytes.HasPrefix(f.lines[0], []byte(kind.begin)) {
			return f.errorf("%s", kind.what)
		}
	}
	if len(f.lines) < 4 {
		f.next = max(len(f.lines)-1, 0)
		return f.errorf("the file ends before the counts line")
	}
	f.next = 3
	counts := f.lines[3]
	if err := f.shifted(); err != nil {
		return err
	}
	switch version := tableVersion(counts); version {
	case "V3000":
		return f.v3000()
	case "V2000", "":
		return f.v2000(counts)
	default:
		return f.errorf("expected the counts line of version V2000 or V3000, but it ends in %s", quote([]byte(version)))
	}
}

// shifted reports a counts line that stands elsewhere than on the fourth line, because the header has a line too many or too few.
func (f *molfile) shifted() error {
	for k := range min(len(f.lines), maxHeader) {
		if k == 3 || !isCounts(f.lines[k]) || isCounts(f.lines[3]) {
			continue
		}
		f.next = k
		return f.errorf("the counts line must be the fourth line of the record: the header has %d lines, not 3", k)
	}
	return nil
}

// maxHeader is the number of lines among which a misplaced counts line is looked for.
const maxHeader = 10

// isCounts reports whether a line is undoubtedly a counts line: two numbers, and a version at its end.
func isCounts(line []byte) bool {
	line = bytes.TrimRight(line, " \t")
	if len(line) < 12 || !bytes.HasSuffix(line, []byte("V2000")) && !bytes.HasSuffix(line, []byte("V3000")) {
		return false
	}
	for k := range 2 {
		if _, err := strconv.ParseUint(string(field(line, 3*k, 3*k+3)), 10, 16); err != nil {
			return false
		}
	}
	return true
}

// tableVersion is the last field of the counts line, empty if the line, of an old program, ends before it.
func tableVersion(counts []byte) string {
	if len(counts) < 34 {
		if at := bytes.LastIndexByte(counts, 'V'); at > 0 && len(counts)-at >= 5 { // shifted to the left
			return string(bytes.TrimSpace(counts[at:]))
		}
		return ""
	}
	words := bytes.Fields(counts[33:])
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	if at := bytes.IndexByte(last, 'V'); at > 0 { // 0999V2000
		last = last[at:]
	}
	if _, err := strconv.Atoi(string(last)); err == nil { // the number of property lines
		return ""
	}
	return string(last)
}

// bond adds a bond of a type of the format between two atoms, given by their positions.
func (f *molfile) bond(kind int, begin, end int32) error {
	b := chem.Bond{Begin: begin, End: end}
	switch kind {
	case 1, 2, 3:
		b.Order = uint8(kind)
	case 4:
		b.Order, b.Aromatic = 1, true
		f.atoms[begin].Aromatic = true
		f.atoms[end].Aromatic = true
	case 0, 8, 10: // none, any, hydrogen bond
		b.Unspecified = true
	case 5, 6, 7:
		f.note("bond type %d is a query (%s); its order counts as 0, and its atoms have no implicit hydrogens", kind,
			[...]string{"single or double", "single or aromatic", "double or aromatic"}[kind-5])
		b.Unspecified = true
		f.atoms[begin].NoImplicit, f.atoms[end].NoImplicit = true, true
	case 9: // dative
	default:
		return f.errorf("bond type %d is not between 0 and 10", kind)
	}
	f.bonds = append(f.bonds, b)
	f.bondLine = append(f.bondLine, f.first+f.next)
	return nil
}
