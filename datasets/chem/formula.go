package chem

import "strconv"

// Formula is the molecular formula of all fragments together with the net charge at the end: C10H12N+, Fe+2.
// The order is Hill's, carbon, hydrogen, then the other elements by symbol, and hydrogen comes first without carbon
// too. Isotopes count like their elements; a wildcard is "*".
func (m *Mol) Formula() string {
	var count [maxElement + 1]int
	for i := range m.Atoms {
		count[m.Atoms[i].Number]++
		count[1] += int(m.Atoms[i].Hs)
	}
	out := make([]byte, 0, 32)
	add := func(number int) {
		if n := count[number]; n > 0 {
			out = append(out, elements[number].symbol...)
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
	return string(appendCharge(out, m.NetCharge()))
}

// bySymbol lists the atomic numbers in the order of their symbols.
var bySymbol = func() (t []uint8) {
	for n := range elements {
		at := 0
		for at < len(t) && elements[t[at]].symbol < elements[n].symbol {
			at++
		}
		t = append(t[:at], append([]uint8{uint8(n)}, t[at:]...)...)
	}
	return t
}()

// appendCharge writes a charge as +, -, +2, -3, nothing for 0.
func appendCharge(out []byte, charge int) []byte {
	if charge == 0 {
		return out
	}
	sign := byte('+')
	if charge < 0 {
		sign, charge = '-', -charge
	}
	out = append(out, sign)
	if charge > 1 {
		out = strconv.AppendInt(out, int64(charge), 10)
	}
	return out
}

// Weight is the average molecular weight in g/mol with all hydrogens, all fragments together.
func (m *Mol) Weight() float64 {
	w := 0.0
	for i := range m.Atoms {
		w += m.Atoms[i].mass() + float64(m.Atoms[i].Hs)*elements[1].mass
	}
	return w
}

// HeavyAtoms is the number of atoms other than hydrogen, wildcards included.
func (m *Mol) HeavyAtoms() int {
	n := 0
	for i := range m.Atoms {
		if m.Atoms[i].Number != 1 {
			n++
		}
	}
	return n
}

// NetCharge is the sum of the formal charges.
func (m *Mol) NetCharge() int {
	c := 0
	for i := range m.Atoms {
		c += int(m.Atoms[i].Charge)
	}
	return c
}
