package sdf

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

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
		case !b.Unspecified:
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
