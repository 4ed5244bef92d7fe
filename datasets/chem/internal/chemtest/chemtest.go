// Package chemtest holds what the tests of several chemistry packages share: molecules, checks and reference files.
package chemtest

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// Mol parses a SMILES that a test holds.
func Mol(t testing.TB, text string) *chem.Mol {
	t.Helper()
	m, err := smiles.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return m
}

// Mols parses several.
func Mols(t testing.TB, texts []string) []*chem.Mol {
	t.Helper()
	mols := make([]*chem.Mol, len(texts))
	for k, s := range texts {
		mols[k] = Mol(t, s)
	}
	return mols
}

// CountAromatic is the number of aromatic atoms.
func CountAromatic(m *chem.Mol) int {
	n := 0
	for _, a := range m.Atoms() {
		if a.Aromatic {
			n++
		}
	}
	return n
}

// Permute returns m with its atoms and bonds in random order.
func Permute(t testing.TB, m *chem.Mol, rng *rand.Rand) *chem.Mol {
	t.Helper()
	place := rng.Perm(len(m.Atoms()))
	atoms, bonds := make([]chem.Atom, len(m.Atoms())), make([]chem.Bond, len(m.Bonds()))
	for i, a := range m.Atoms() {
		a.Aromatic = false // bonds have Kekulé orders
		atoms[place[i]] = a
	}
	for k, to := range rng.Perm(len(bonds)) {
		b := m.Bonds()[k]
		b.Begin, b.End, b.Aromatic = int32(place[b.Begin]), int32(place[b.End]), false
		bonds[to] = b
	}
	p, err := chem.New(atoms, bonds)
	if err != nil {
		t.Fatalf("%s with its atoms in another order: %v", smiles.Canonical(m), err)
	}
	return p
}

// CheckMol checks that neighbour lists, rings and ring marks agree with the bonds.
func CheckMol(t testing.TB, m *chem.Mol) {
	t.Helper()
	for i := range m.Atoms() {
		for _, n := range m.Neighbors(i) {
			b := m.Bonds()[n.Bond]
			if int(b.Begin)+int(b.End) != i+int(n.Atom) || int(b.Begin) != i && int(b.End) != i {
				t.Fatalf("neighbour %v of atom %d does not fit bond %v", n, i, b)
			}
		}
	}
	atoms, bonds := map[int]bool{}, map[int]bool{}
	for _, r := range m.Rings() {
		for k, i := range r {
			b := m.BondBetween(int(i), int(r[(k+1)%len(r)]))
			if b < 0 {
				t.Fatalf("ring %v is not closed", r)
			}
			atoms[int(i)], bonds[b] = true, true
		}
	}
	for i, a := range m.Atoms() {
		if a.InRing != atoms[i] {
			t.Fatalf("atom %d: in a ring %v, in a listed ring %v", i, a.InRing, atoms[i])
		}
	}
	for k, b := range m.Bonds() {
		if b.InRing != bonds[k] {
			t.Fatalf("bond %d: in a ring %v, in a listed ring %v", k, b.InRing, bonds[k])
		}
	}
	if want := len(m.Bonds()) - len(m.Atoms()) + len(m.Components()); len(m.Rings()) < want {
		t.Fatalf("%d rings, at least %d are independent", len(m.Rings()), want)
	}
}
