package sdf

import (
	"bytes"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// properties reads the lines after the bonds of version V2000 up to M  END. Those that say nothing about atoms and bonds, such as S groups, are
// skipped.
func (f *molfile) properties() error {
	for ; f.next < len(f.lines); f.next++ {
		line := f.lines[f.next]
		switch {
		case bytes.HasPrefix(line, []byte("M  END")):
			f.next++
			return nil
		case bytes.HasPrefix(line, []byte("M  ")):
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
			f.next += min(max(n, 0), len(f.lines))
		case len(bytes.TrimSpace(line)) == 0, line[0] == 'V', line[0] == 'S':
		default:
			if err := f.oldList(line); err != nil {
				return err
			}
		}
	}
	f.next = len(f.lines) - 1
	return f.errorf("no line M  END")
}

// property reads a line M  XXX.
func (f *molfile) property(line []byte) error {
	switch kind := string(field(line, 3, 6)); kind {
	case "CHG", "RAD":
		if !f.hasCHG { // the charges of the atom block count no longer
			f.hasCHG = true
			for i := range f.atoms {
				f.atoms[i].Charge, f.atoms[i].Radicals = 0, 0
			}
		}
		return f.entries(line, kind)
	case "ISO", "ZCH", "HYD", "RGP", "ZBO":
		return f.entries(line, kind)
	case "ALS":
		return f.listLine(line)
	case "SUB", "UNS", "RBC", "LIN":
		f.note("the query M  %s is ignored", kind)
	}
	return nil
}

// entries reads pairs of an atom (a bond, for ZBO) and a value.
func (f *molfile) entries(line []byte, kind string) error {
	pairs, err := f.number(line, 6, 9, "number of entries")
	if err != nil {
		return err
	}
	for k := range max(pairs, 0) {
		at := 9 + 8*k
		if at >= len(line) {
			return f.errorf("%d entries announced, %d found", pairs, k)
		}
		what, have := "atom", len(f.atoms)
		if kind == "ZBO" {
			what, have = "bond", len(f.bonds)
		}
		index, err := f.number(line, at, at+4, what)
		if err != nil {
			return err
		}
		value, err := f.number(line, at+4, at+8, "value")
		if err != nil {
			return err
		}
		if index < 1 || index > have {
			return f.errorf("entry for %s %d, but there are %d %ss", what, index, have, what)
		}
		if kind == "ZBO" {
			err = f.zeroOrder(&f.bonds[index-1], value)
		} else {
			if kind == "HYD" {
				f.valence[index-1] = 0 // RDKit forgets the valence then
			}
			err = f.set(&f.atoms[index-1], kind, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// set gives an atom a property by its name in either version.
func (f *molfile) set(a *chem.Atom, kind string, value int) error {
	least, most := 0, 999
	switch kind {
	case "CHG", "ZCH":
		least, most = -15, 15
	case "RAD":
		most = 3
	case "HYD":
		most = 99
	}
	if value < least || value > most {
		return f.errorf("%s %d is not between %d and %d", kind, value, least, most)
	}
	switch kind {
	case "CHG", "ZCH":
		a.Charge = int8(value)
	case "RAD": // 1 singlet, 2 doublet, 3 triplet
		a.Radicals = [...]uint8{0, 2, 1, 2}[value]
	case "ISO":
		a.Isotope = uint16(value)
	case "HYD": // at least so many; the valence may ask for more
		a.Hs = uint8(value)
	case "RGP":
		if a.Number == 0 {
			a.Isotope = uint16(value)
		}
	}
	return nil
}

// zeroOrder sets the order of a bond by an extension of the format for complexes (Clark 2011, J. Chem. Inf. Model. 51, 3149).
func (f *molfile) zeroOrder(b *chem.Bond, order int) error {
	if order < 0 || order > 3 {
		return f.errorf("order %d of a bond is not between 0 and 3", order)
	}
	b.Order, b.Aromatic, b.Unspecified = uint8(order), false, order == 0
	return nil
}

// listLine reads M  ALS: the atom, the number of elements, T for NOT, and the elements.
func (f *molfile) listLine(line []byte) error {
	atom, err := f.number(line, 7, 10, "atom")
	if err != nil {
		return err
	}
	n, err := f.number(line, 10, 13, "number of elements")
	if err != nil {
		return err
	}
	if atom < 1 || atom > len(f.atoms) {
		return f.errorf("list for atom %d, but there are %d atoms", atom, len(f.atoms))
	}
	var symbols []string
	for k := range max(n, 0) {
		s := field(line, 16+4*k, 20+4*k)
		if len(s) == 0 {
			return f.errorf("%d elements announced, %d found", n, k)
		}
		symbols = append(symbols, string(s))
	}
	return f.list(&f.atoms[atom-1], string(field(line, 14, 15)) == "T", symbols)
}

// oldList reads a list of atoms as before M  ALS: the atom, T or F, and up to five atomic numbers.
func (f *molfile) oldList(line []byte) error {
	not := string(field(line, 3, 5))
	if not != "T" && not != "F" {
		return f.errorf("expected a line that begins with M, A, G, V or S, or M  END, but found %s", quote(line))
	}
	atom, err := f.number(line, 0, 3, "atom")
	if err != nil {
		return err
	}
	n, err := f.number(line, 5, 10, "number of elements")
	if err != nil {
		return err
	}
	if atom < 1 || atom > len(f.atoms) || n < 1 || n > 5 {
		return f.errorf("list of %d elements for atom %d, but there are %d atoms", n, atom, len(f.atoms))
	}
	symbols := make([]string, n)
	for k := range symbols {
		number, err := f.number(line, 10+4*k, 14+4*k, "element")
		if err != nil {
			return err
		}
		if number < 1 || number > 118 {
			return f.errorf("element %d in a list of atoms", number)
		}
		symbols[k] = chem.Symbol(uint8(number))
	}
	return f.list(&f.atoms[atom-1], not == "T", symbols)
}
