package smiles

import (
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/canon"
)

// Shuffled writes the fragments of m in the order found, each with its atoms in random order.
func Shuffled(m *chem.Mol, rng *rand.Rand) string {
	rank := make([]int32, len(m.Atoms()))
	for i, r := range rng.Perm(len(rank)) {
		rank[i] = int32(r)
	}
	w, out := new(writer), ""
	w.reset(m, rank)
	for k, atoms := range m.Components() {
		if k > 0 {
			out += "."
		}
		out += w.fragment(atoms, canon.NeedsKekule(m, atoms))
	}
	return out
}

// Written returns the atoms of a text as they are written, before anything is perceived.
func Written(text string) ([]chem.Atom, error) {
	p := new(parser)
	p.reset(text)
	err := p.parse()
	return p.atoms, err
}
