package sdf

import (
	"strconv"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// quote shows a text from the file in an error.
func quote(s []byte) string { return formats.Quote(string(s)) }

// symbol sets what the symbol of an atom says. Query atoms, R groups and polymer beads are wildcards; R1 to R99 have their number as isotope,
// as in RDKit.
func (f *molfile) symbol(a *chem.Atom, symbol string) error {
	switch symbol {
	case "D":
		a.Number, a.Isotope = 1, 2
		return nil
	case "T":
		a.Number, a.Isotope = 1, 3
		return nil
	case "*", "A", "Q", "X", "M", "AH", "QH", "XH", "MH", "L", "LP", "R", "R#", "Pol", "Mod":
		return nil
	}
	if number, ok := strings.CutPrefix(symbol, "R"); ok {
		if n, err := strconv.ParseUint(number, 10, 8); err == nil && n < 100 {
			a.Isotope = uint16(n)
			return nil
		}
	}
	if a.Number = elementNamed(symbol); a.Number == 0 {
		return f.errorf("no element %s", formats.Quote(symbol))
	}
	return nil
}

// elementNamed is the number of an element whose second letter may be a capital; CL and BR may have any case. It is 0 if there is no such element.
func elementNamed(symbol string) uint8 {
	if len(symbol) == 2 {
		lower := strings.ToLower(symbol)
		if lower == "cl" || lower == "br" {
			return element.Named(strings.ToUpper(lower[:1]) + lower[1:])
		}
		return element.Named(symbol[:1] + lower[1:])
	}
	return element.Named(symbol)
}

// list makes an atom the first element of a list, as RDKit does, and notes it: a molecule has no place for lists.
func (f *molfile) list(a *chem.Atom, not bool, symbols []string) error {
	for k, s := range symbols {
		n := elementNamed(s)
		if n == 0 && s != "D" && s != "T" && s != "*" {
			return f.errorf("no element %s in a list of atoms", formats.Quote(s))
		}
		if k == 0 {
			a.Isotope = 0
			if err := f.symbol(a, s); err != nil {
				return err
			}
		}
	}
	if len(symbols) == 0 {
		return f.errorf("an empty list of atoms")
	}
	text := "[" + strings.Join(symbols[:min(len(symbols), 10)], ",") + "]"
	if not {
		text = "NOT " + text
	}
	f.note("the list of atoms %s is read as %s", text, symbols[0])
	return nil
}
