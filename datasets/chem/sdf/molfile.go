package sdf

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// FormatError reports the line at which a text is not a valid molfile or SD file.
type FormatError struct {
	Line int // 1-based
	Msg  string
}

func (e *FormatError) Error() string {
	if e == nil {
		return "sdf: no error"
	}
	return fmt.Sprintf("sdf: line %d: %s", e.Line, e.Msg)
}

// ParseMolfile reads one molfile (MDL connection table, version V2000) and completes the molecule as chem.New does. It drops coordinates
// and drawn stereochemistry, and ignores everything after the line M  END.
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

	atoms   []chem.Atom
	bonds   []chem.Bond
	valence []int8 // valence field of each atom, 0 for none
	hasCHG  bool   // a line M  CHG or M  RAD has cleared the charges of the atom block
}

func (f *molfile) errorf(format string, args ...any) error {
	return &FormatError{Line: f.first + f.next, Msg: fmt.Sprintf(format, args...)}
}

// parseMolfile reads the connection table at the beginning of lines and returns the number of lines that it takes.
func parseMolfile(lines [][]byte, first int) (*chem.Mol, int, error) {
	f := &molfile{lines: lines, first: first}
	if err := f.parse(); err != nil {
		return nil, 0, err
	}
	f.applyValences()
	m, err := chem.New(f.atoms, f.bonds)
	if err != nil {
		return nil, 0, f.place(err)
	}
	return m, f.next, nil
}

// place adds the line to an error of chem.New.
func (f *molfile) place(err error) error {
	var atom *chem.AtomError
	var bond *chem.BondError
	switch {
	case errors.As(err, &atom):
		atom.Line = f.first + 3 + atom.Atom
	case errors.As(err, &bond):
		return &FormatError{Line: f.first + 3 + len(f.atoms) + bond.Bond,
			Msg: fmt.Sprintf("second bond between atoms %d and %d", min(bond.Begin, bond.End), max(bond.Begin, bond.End))}
	}
	return err
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
	f.atoms = make([]chem.Atom, 0, atoms)
	f.bonds = make([]chem.Bond, 0, bonds)
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
	a := chem.Atom{}
	if err := f.atomSymbol(&a, field(line, 31, 34)); err != nil {
		return err
	}
	diff, err := f.number(line, 34, 36, "mass difference")
	if err != nil {
		return err
	}
	if diff != 0 && a.Number > 0 {
		a.Isotope = uint16(max(int(element.Table[a.Number].Mass+0.5)+diff, 1))
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
	f.atoms = append(f.atoms, a)
	return nil
}

func (f *molfile) atomSymbol(a *chem.Atom, symbol []byte) error {
	switch string(symbol) {
	case "D":
		a.Number, a.Isotope = 1, 2
	case "T":
		a.Number, a.Isotope = 1, 3
	case "*", "A", "Q", "X", "M", "L", "LP", "R", "R#":
		return nil
	default:
		if a.Number = element.Named(string(symbol)); a.Number == 0 {
			return f.errorf("no element %q", symbol)
		}
	}
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
	n := len(f.atoms)
	if v[0] < 1 || v[1] < 1 || v[0] > n || v[1] > n {
		return f.errorf("bond between atoms %d and %d, but there are %d atoms", v[0], v[1], n)
	}
	if v[0] == v[1] {
		return f.errorf("bond of atom %d with itself", v[0])
	}
	b := chem.Bond{Begin: int32(v[0] - 1), End: int32(v[1] - 1)}
	switch v[2] {
	case 1, 2, 3:
		b.Order = uint8(v[2])
	case 4:
		b.Order, b.Aromatic = 1, true
		f.atoms[b.Begin].Aromatic = true
		f.atoms[b.End].Aromatic = true
	case 9: // dative
	default:
		return f.errorf("bond type %d is none of 1, 2, 3, 4 and 9", v[2])
	}
	f.bonds = append(f.bonds, b)
	return nil
}

// applyValences gives the atoms with a valence field (15 for zero) the hydrogens that it asks for.
func (f *molfile) applyValences() {
	if !slices.ContainsFunc(f.valence, func(v int8) bool { return v != 0 }) {
		return
	}
	drawn := f.drawnValences()
	for i, v := range f.valence {
		if v == 0 {
			continue
		}
		a := &f.atoms[i]
		a.NoImplicit = true
		if v < 15 {
			a.Hs = uint8(max(int(v)-drawn[i], 0))
		}
	}
}

// drawnValences sums the orders of the bonds of each atom. Aromatic bonds count one and a half, and the sum settles on
// an allowed valence below it if one is near; a dative bond counts for the atom that it ends at.
func (f *molfile) drawnValences() []int {
	sums, aromatic := make([]int, len(f.atoms)), make([]bool, len(f.atoms)) // twice the sums
	for i := range f.atoms {
		aromatic[i] = f.atoms[i].Aromatic
	}
	for k := range f.bonds {
		switch b := &f.bonds[k]; {
		case b.Aromatic:
			sums[b.Begin], sums[b.End] = sums[b.Begin]+3, sums[b.End]+3
			aromatic[b.Begin], aromatic[b.End] = true, true
		case b.Order > 0:
			sums[b.Begin], sums[b.End] = sums[b.Begin]+2*int(b.Order), sums[b.End]+2*int(b.Order)
		default:
			sums[b.End] += 2
		}
	}
	for i, twice := range sums {
		if aromatic[i] {
			twice = element.Settle(f.atoms[i].Number, f.atoms[i].Charge, twice)
		}
		sums[i] = (twice + 1) / 2
	}
	return sums
}
