package chem

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/pkg/errors"
)

// FormatError says where a text is no molfile or SD file.
type FormatError struct {
	Line int // 1-based
	Msg  string
}

func (e *FormatError) Error() string { return fmt.Sprintf("chem: line %d: %s", e.Line, e.Msg) }

// ParseMolfile reads one molfile (MDL connection table, version V2000) and completes the molecule as ParseSMILES does.
// Coordinates and drawn stereochemistry are dropped. What follows the line M  END is not interpreted.
//
// A text that is no molfile gives a *FormatError, an impossible molecule an *AtomError, both with the line.
func ParseMolfile(r io.Reader) (*Mol, error) {
	rec, err := NewSDFReader(r).Next()
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

	m        *Mol
	explicit bool   // there are explicit hydrogen atoms
	valence  []int8 // valence field of the atoms that have one
	hasCHG   bool   // a line M  CHG or M  RAD has cleared the charges of the atom block
}

func (f *molfile) errorf(format string, args ...any) error {
	return &FormatError{Line: f.first + f.next, Msg: fmt.Sprintf(format, args...)}
}

// parseMolfile reads the connection table at the beginning of lines and returns the number of lines that it takes.
func parseMolfile(lines [][]byte, first int) (*Mol, int, error) {
	f := &molfile{lines: lines, first: first, m: &Mol{}}
	if err := f.parse(); err != nil {
		return nil, 0, err
	}
	f.m.link()
	if err := f.checkBonds(); err != nil {
		return nil, 0, err
	}
	f.applyValences()
	var kept []int32
	if f.explicit {
		kept = f.m.mergeHydrogens(nil)
	}
	if err := f.m.sanitize(); err != nil {
		var e *AtomError
		if errors.As(err, &e) {
			e.place(kept)
			e.Line = first + 3 + e.Atom
		}
		return nil, 0, err
	}
	return f.m, f.next, nil
}

func (f *molfile) parse() error {
	if len(f.lines) < 4 {
		f.next = max(len(f.lines)-1, 0)
		return f.errorf("the file ends before the counts line")
	}
	f.next = 3
	counts := f.lines[3]
	if bytes.Contains(counts, []byte("V3000")) {
		return f.errorf("version V3000 is not supported")
	}
	atoms, err := f.number(counts, 0, 3, "number of atoms")
	if err != nil {
		return err
	}
	bonds, err := f.number(counts, 3, 6, "number of bonds")
	if err != nil {
		return err
	}
	if atoms < 0 || bonds < 0 {
		return f.errorf("negative count")
	}
	if have := len(f.lines) - 4; atoms+bonds > have {
		return f.errorf("%d atoms and %d bonds announced, but only %d lines follow", atoms, bonds, have)
	}
	f.m.Atoms = make([]Atom, 0, atoms)
	f.m.Bonds = make([]Bond, 0, bonds)
	for range atoms {
		f.next++
		if err := f.atomLine(f.lines[f.next]); err != nil {
			return err
		}
	}
	for range bonds {
		f.next++
		if err := f.bondLine(f.lines[f.next]); err != nil {
			return err
		}
	}
	f.next++
	return f.properties()
}

// field is the text in columns [from, to), without blanks; empty beyond the end of the line.
func field(line []byte, from, to int) []byte {
	if from >= len(line) {
		return nil
	}
	return bytes.TrimSpace(line[from:min(to, len(line))])
}

// number reads a number from columns [from, to); a blank field is 0.
func (f *molfile) number(line []byte, from, to int, what string) (int, error) {
	s := field(line, from, to)
	if len(s) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(string(s))
	if err != nil {
		return 0, f.errorf("%s: %q is no number", what, s)
	}
	return n, nil
}

// atomLine reads coordinates (checked to be there only), symbol, mass difference, charge, and valence.
func (f *molfile) atomLine(line []byte) error {
	if len(line) < 32 {
		return f.errorf("expected an atom")
	}
	for k := 0; k < 30; k += 10 {
		if _, err := strconv.ParseFloat(string(field(line, k, k+10)), 64); err != nil {
			return f.errorf("expected an atom, but %q is no coordinate", field(line, k, k+10))
		}
	}
	a := Atom{}
	if err := f.atomSymbol(&a, field(line, 31, 34)); err != nil {
		return err
	}
	diff, err := f.number(line, 34, 36, "mass difference")
	if err != nil {
		return err
	}
	if diff != 0 && a.Number > 0 {
		a.Isotope = uint16(max(int(elements[a.Number].mass+0.5)+diff, 1))
	}
	code, err := f.number(line, 36, 39, "charge")
	if err != nil {
		return err
	}
	switch {
	case code == 4:
		a.Radicals = 1
	case code >= 1 && code <= 7:
		a.Charge = int8(4 - code)
	case code != 0:
		return f.errorf("charge code %d is not between 0 and 7", code)
	}
	valence, err := f.number(line, 48, 51, "valence")
	if err != nil {
		return err
	}
	if valence < 0 || valence > 15 {
		return f.errorf("valence %d is not between 0 and 15", valence)
	}
	f.valence = append(f.valence, int8(valence))
	f.m.Atoms = append(f.m.Atoms, a)
	return nil
}

func (f *molfile) atomSymbol(a *Atom, symbol []byte) error {
	switch string(symbol) {
	case "D":
		a.Number, a.Isotope = 1, 2
	case "T":
		a.Number, a.Isotope = 1, 3
	case "*", "A", "Q", "X", "M", "L", "LP", "R", "R#":
		return nil
	default:
		if a.Number = elementNamed(string(symbol)); a.Number == 0 {
			return f.errorf("no element %q", symbol)
		}
	}
	f.explicit = f.explicit || a.Number == 1
	return nil
}

func (f *molfile) bondLine(line []byte) error {
	var v [3]int
	for k, what := range [...]string{"first atom of a bond", "second atom of a bond", "type of a bond"} {
		var err error
		if v[k], err = f.number(line, 3*k, 3*k+3, what); err != nil {
			return err
		}
	}
	n := len(f.m.Atoms)
	if v[0] < 1 || v[1] < 1 || v[0] > n || v[1] > n {
		return f.errorf("bond between atoms %d and %d, but there are %d atoms", v[0], v[1], n)
	}
	if v[0] == v[1] {
		return f.errorf("bond of atom %d with itself", v[0])
	}
	b := Bond{Begin: int32(v[0] - 1), End: int32(v[1] - 1)}
	switch v[2] {
	case 1, 2, 3:
		b.Order = uint8(v[2])
	case 4:
		b.Order, b.Aromatic = 1, true
		f.m.Atoms[b.Begin].Aromatic = true
		f.m.Atoms[b.End].Aromatic = true
	case 9: // dative
	default:
		return f.errorf("bond type %d is none of 1, 2, 3, 4 and 9", v[2])
	}
	f.m.Bonds = append(f.m.Bonds, b)
	return nil
}

// checkBonds refuses two bonds between the same atoms.
func (f *molfile) checkBonds() error {
	seen := make([]int32, len(f.m.Atoms))
	for i := range f.m.Atoms {
		for _, n := range f.m.Neighbors(i) {
			if seen[n.Atom] == int32(i+1) {
				f.next = 4 + len(f.m.Atoms) + int(n.Bond)
				return f.errorf("second bond between atoms %d and %d", min(int32(i), n.Atom)+1, max(int32(i), n.Atom)+1)
			}
			seen[n.Atom] = int32(i + 1)
		}
	}
	return nil
}

// applyValences gives the atoms with a valence field (15 for zero) the hydrogens that it asks for.
func (f *molfile) applyValences() {
	for i, v := range f.valence {
		if v == 0 {
			continue
		}
		a := &f.m.Atoms[i]
		a.NoImplicit = true
		if v < 15 {
			a.Hs = uint8(max(int(v)-f.m.valence(i), 0))
		}
	}
}
