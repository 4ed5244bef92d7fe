package sdf

import (
	"bytes"
	"strconv"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// v2000 reads atoms, bonds and properties in fixed columns.
func (f *molfile) v2000(counts []byte) error {
	atoms, err := f.count(counts, 0, "atoms")
	if err != nil {
		return err
	}
	bonds, err := f.count(counts, 3, "bonds")
	if err != nil {
		return err
	}
	if have := len(f.lines) - 4; atoms+bonds > have {
		return f.errorf("%d atoms and %d bonds announced, but only %d lines follow", atoms, bonds, have)
	}
	f.atoms, f.valence, f.atomLine = make([]chem.Atom, 0, atoms), make([]int8, 0, atoms), make([]int, 0, atoms)
	f.bonds, f.bondLine = make([]chem.Bond, 0, bonds), make([]int, 0, bonds)
	for range atoms {
		f.next++
		if err := f.atomV2000(f.lines[f.next]); err != nil {
			return err
		}
	}
	for range bonds {
		f.next++
		if err := f.bondV2000(f.lines[f.next]); err != nil {
			return err
		}
	}
	f.next++
	return f.properties()
}

// count reads one of the two numbers that make a line the counts line.
func (f *molfile) count(counts []byte, from int, what string) (int, error) {
	n, err := strconv.Atoi(string(field(counts, from, from+3)))
	if err != nil || n < 0 {
		return 0, f.errorf("expected the counts line (after three lines of header), but the number of %s is %s", what, quote(field(counts, from, from+3)))
	}
	return n, nil
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
		return 0, f.errorf("%s: %s is no number", what, quote(s))
	}
	return n, nil
}

// atomV2000 reads coordinates (checked to be numbers only), symbol, mass difference, charge, and valence.
func (f *molfile) atomV2000(line []byte) error {
	if len(line) < 32 {
		return f.errorf("expected an atom")
	}
	for k := 0; k < 30; k += 10 {
		s := field(line, k, k+10)
		if _, err := strconv.ParseFloat(string(s), 64); err != nil && len(s) > 0 {
			return f.errorf("expected an atom, but %s is no coordinate", quote(s))
		}
	}
	a := chem.Atom{}
	if err := f.symbol(&a, string(field(line, 31, 34))); err != nil {
		return err
	}
	diff, err := f.number(line, 34, 36, "mass difference")
	if err != nil {
		return err
	}
	if diff != 0 && a.Number > 0 {
		a.Isotope = uint16(max(int(element.CommonMass(a.Number)+0.5)+diff, 1)) // the difference from the most common isotope, as in RDKit
	}
	code, err := f.number(line, 36, 39, "charge")
	if err != nil {
		return err
	}
	if code < 0 || code > 7 {
		return f.errorf("charge code %d is not between 0 and 7", code)
	}
	switch code {
	case 0:
	case 4:
		f.note("the charge code 4 (radical) is ignored, as in RDKit")
	default:
		a.Charge = int8(4 - code)
	}
	if len(field(line, 42, 45)) > 0 && string(field(line, 42, 45)) != "0" {
		f.note("the query of a number of hydrogens is ignored")
	}
	valence, err := f.number(line, 48, 51, "valence")
	if err != nil {
		return err
	}
	if valence < 0 || valence > 15 {
		return f.errorf("valence %d is not between 0 and 15", valence)
	}
	f.addAtom(a, int8(valence))
	return nil
}

func (f *molfile) addAtom(a chem.Atom, valence int8) {
	f.atoms = append(f.atoms, a)
	f.valence = append(f.valence, valence)
	f.atomLine = append(f.atomLine, f.first+f.next)
}

func (f *molfile) bondV2000(line []byte) error {
	if len(field(line, 6, 9)) == 0 {
		return f.errorf("expected a bond")
	}
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
	return f.bond(v[2], int32(v[0]-1), int32(v[1]-1))
}
