package chem

import (
	"strconv"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// Symbol is the symbol of the element with that atomic number, "*" for 0 and for numbers beyond the table.
func Symbol(number uint8) string {
	if number > element.Max {
		return "*"
	}
	return element.Table[number].Symbol
}

// Mass is the average mass of the atom in g/mol without its hydrogens: that of its isotope if one is given, 0 for a
// wildcard and an atomic number beyond the table.
func (a Atom) Mass() float64 {
	if a.Number > element.Max {
		return 0
	}
	return element.Mass(a.Number, a.Isotope)
}

// Formula is the molecular formula of all fragments together, with the net charge at the end: C10H12N+, Fe+2. Elements
// are in Hill's order: carbon, hydrogen, the others by symbol; without carbon, hydrogen still comes first. Isotopes count
// like their elements; a wildcard is "*".
func (m *Mol) Formula() string {
	var count [element.Max + 1]int
	for _, a := range m.Atoms() {
		count[a.Number]++
		count[1] += int(a.Hs)
	}
	out := make([]byte, 0, 32)
	add := func(number int) {
		if n := count[number]; n > 0 {
			out = append(out, element.Table[number].Symbol...)
			if n > 1 {
				out = strconv.AppendInt(out, int64(n), 10)
			}
			count[number] = 0
		}
	}
	add(6)
	add(1)
	for _, number := range bySymbol {
		add(int(number))
	}
	return string(element.AppendCharge(out, m.NetCharge()))
}

// bySymbol lists the atomic numbers in the order of their symbols.
var bySymbol = func() (t []uint8) {
	for n := range element.Table {
		at := 0
		for at < len(t) && element.Table[t[at]].Symbol < element.Table[n].Symbol {
			at++
		}
		t = append(t[:at], append([]uint8{uint8(n)}, t[at:]...)...)
	}
	return t
}()

// Weight is the average molecular weight in g/mol with all hydrogens, all fragments together.
func (m *Mol) Weight() float64 {
	w := 0.0
	for i := range m.Atoms() {
		w += m.atoms[i].Mass() + float64(m.atoms[i].Hs)*element.Table[1].Mass
	}
	return w
}

// HeavyAtoms is the number of atoms other than hydrogen and wildcards.
func (m *Mol) HeavyAtoms() int {
	n := 0
	for i := range m.Atoms() {
		if m.atoms[i].Number > 1 {
			n++
		}
	}
	return n
}

// NetCharge is the sum of the formal charges.
func (m *Mol) NetCharge() int {
	c := 0
	for i := range m.Atoms() {
		c += int(m.atoms[i].Charge)
	}
	return c
}
