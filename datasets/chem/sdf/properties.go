package sdf

import (
	"bytes"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// properties reads the lines after the bonds up to M  END.
func (f *molfile) properties() error {
	for ; f.next < len(f.lines); f.next++ {
		line := f.lines[f.next]
		switch {
		case bytes.HasPrefix(line, []byte("M  END")):
			f.next++
			return nil
		case bytes.HasPrefix(line, []byte("M  CHG")), bytes.HasPrefix(line, []byte("M  RAD")),
			bytes.HasPrefix(line, []byte("M  ISO")):
			if err := f.property(line); err != nil {
				return err
			}
		case bytes.HasPrefix(line, []byte("A  ")), bytes.HasPrefix(line, []byte("G  ")):
			f.next++ // the text of an alias or abbreviation is a line of its own
		case bytes.HasPrefix(line, []byte("S  SKP")):
			n, err := f.number(line, 6, 9, "lines to skip")
			if err != nil {
				return err
			}
			f.next += max(n, 0)
		}
	}
	f.next = len(f.lines) - 1
	return f.errorf("no line M  END")
}

// property reads pairs of an atom and its charge, radical state or mass number.
func (f *molfile) property(line []byte) error {
	kind := string(line[3:6])
	if kind != "ISO" && !f.hasCHG {
		f.hasCHG = true
		for i := range f.atoms {
			f.atoms[i].Charge, f.atoms[i].Radicals = 0, 0
		}
	}
	pairs, err := f.number(line, 6, 9, "number of entries")
	if err != nil {
		return err
	}
	for k := range max(pairs, 0) {
		at := 9 + 8*k
		if at >= len(line) {
			return f.errorf("%d entries announced, %d found", pairs, k)
		}
		atom, err := f.number(line, at, at+4, "atom")
		if err != nil {
			return err
		}
		value, err := f.number(line, at+4, at+8, "value")
		if err != nil {
			return err
		}
		if atom < 1 || atom > len(f.atoms) {
			return f.errorf("entry for atom %d, but there are %d atoms", atom, len(f.atoms))
		}
		if err := f.set(&f.atoms[atom-1], kind, value); err != nil {
			return err
		}
	}
	return nil
}

func (f *molfile) set(a *chem.Atom, kind string, value int) error {
	switch kind {
	case "CHG":
		if value < -15 || value > 15 {
			return f.errorf("charge %d is beyond 15", value)
		}
		a.Charge = int8(value)
	case "RAD": // 1 singlet, 2 doublet, 3 triplet
		if value < 0 || value > 3 {
			return f.errorf("radical state %d is not between 0 and 3", value)
		}
		a.Radicals = [...]uint8{0, 2, 1, 2}[value]
	case "ISO":
		if value < 0 || value > 999 {
			return f.errorf("mass number %d is not between 0 and 999", value)
		}
		a.Isotope = uint16(value)
	}
	return nil
}
