// Package standardize reduces a molecule to the form by which data sets identify it: without counter-ions, charges and stereochemistry.
package standardize

import (
	"cmp"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// Parent returns the parent of a molecule: its main fragment without stereochemistry, neutralized where protons can be moved. It prefers
// fragments with carbon that are no common counter-ion or solvent (docs/chem.md lists them), then other fragments with carbon, then those
// with more heavy atoms, then heavier ones, then the one whose canonical SMILES sorts first. Quaternary
// nitrogen and other charges that no proton can balance stay, with as many opposite charges as they need; so do charge-separated groups
// such as nitro (the rules of RDKit's Uncharger).
//
// The atoms of the result are in canonical order: all inputs with the same parent give identical results. A molecule
// without atoms is its own parent.
func Parent(m *chem.Mol) *chem.Mol {
	p, _ := ParentKey(m)
	return p
}

// ParentKey returns the parent and a key: molecules with equal keys have equal parents. It is the canonical SMILES from which the parent was read,
// so it takes no time beyond that of Parent.
func ParentKey(m *chem.Mol) (parent *chem.Mol, key string) {
	if len(m.Atoms()) == 0 {
		return m, ""
	}
	best := mainFragment(m).MergeHydrogens()
	key = smiles.Canonical(uncharged(best))
	if p, err := smiles.Parse(key); err == nil {
		return p, key
	}
	key = smiles.Canonical(best)
	if p, err := smiles.Parse(key); err == nil {
		return p, key
	}
	return best, key
}

// candidate is a fragment with what decides whether it is the parent.
type candidate struct {
	mol    *chem.Mol
	kind   int // 2: organic, 1: organic counter-ion or solvent, 0: inorganic
	weight float64
}

// mainFragment is the fragment that Parent keeps.
func mainFragment(m *chem.Mol) *chem.Mol {
	fragments := m.Fragments()
	if len(fragments) == 1 {
		return fragments[0]
	}
	list := make([]candidate, len(fragments))
	organic := 0
	for k, f := range fragments {
		list[k] = candidate{mol: f, weight: weight(f)}
		if slices.ContainsFunc(f.Atoms(), func(a chem.Atom) bool { return a.Number == 6 }) {
			list[k].kind = 2
			organic++
		}
	}
	for k := range list {
		if c := &list[k]; organic > 1 && c.kind == 2 && isCounterIon(c.mol) {
			c.kind = 1
		}
	}
	return slices.MaxFunc(list, func(a, b candidate) int {
		c := cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.mol.HeavyAtoms(), b.mol.HeavyAtoms()), cmp.Compare(a.weight, b.weight))
		if c == 0 {
			c = cmp.Compare(smiles.Canonical(b.mol), smiles.Canonical(a.mol))
		}
		return c
	}).mol
}

// weight is the molecular weight, added up in an order that makes it equal for isomers to the last bit.
func weight(m *chem.Mol) float64 {
	masses := make([]float64, 0, len(m.Atoms()))
	hydrogens := 0
	for _, a := range m.Atoms() {
		masses = append(masses, a.Mass())
		hydrogens += int(a.Hs)
	}
	slices.Sort(masses)
	w := float64(hydrogens) * chem.Atom{Number: 1}.Mass()
	for _, x := range masses {
		w += x
	}
	return w
}
