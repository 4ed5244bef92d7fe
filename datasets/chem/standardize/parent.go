// Package standardize reduces a molecule to the form by which data sets identify it: without counter-ions, charges and stereochemistry.
package standardize

import (
	"cmp"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// Parent returns the parent of a molecule: its largest fragment without stereochemistry, neutralized where protons can be moved. It prefers
// fragments with carbon, then those with more heavy atoms, then heavier ones, then the one whose canonical SMILES sorts first. Quaternary
// nitrogen and other charges that no proton can balance stay, with as many opposite charges as they need; so do charge-separated groups
// such as nitro (the rules of RDKit's Uncharger).
//
// The atoms of the result are in canonical order: all inputs with the same parent give identical results. A molecule
// without atoms is its own parent.
func Parent(m *chem.Mol) *chem.Mol {
	if len(m.Atoms()) == 0 {
		return m
	}
	best := largest(m).MergeHydrogens()
	if p, err := smiles.Parse(smiles.Canonical(uncharged(best))); err == nil {
		return p
	}
	if p, err := smiles.Parse(smiles.Canonical(best)); err == nil {
		return p
	}
	return best
}

// largest is the fragment that Parent keeps.
func largest(m *chem.Mol) *chem.Mol {
	carbon := func(f *chem.Mol) int {
		if slices.ContainsFunc(f.Atoms(), func(a chem.Atom) bool { return a.Number == 6 }) {
			return 1
		}
		return 0
	}
	return slices.MaxFunc(m.Fragments(), func(a, b *chem.Mol) int {
		c := cmp.Or(cmp.Compare(carbon(a), carbon(b)), cmp.Compare(a.HeavyAtoms(), b.HeavyAtoms()), cmp.Compare(a.Weight(), b.Weight()))
		if c == 0 {
			c = cmp.Compare(smiles.Canonical(b), smiles.Canonical(a))
		}
		return c
	})
}
