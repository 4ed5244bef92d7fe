package chem

import (
	"math/rand/v2"
	"testing"
)

// canPair says whether the atoms in need can be paired along the bonds, by trying everything.
func canPair(m *Mol, needs []bool) bool {
	for i := range needs {
		if !needs[i] {
			continue
		}
		needs[i] = false
		for _, n := range m.Neighbors(i) {
			if needs[n.Atom] {
				needs[n.Atom] = false
				if canPair(m, needs) {
					needs[i], needs[n.Atom] = true, true
					return true
				}
				needs[n.Atom] = true
			}
		}
		needs[i] = true
		return false
	}
	return true
}

// TestMatching compares with the exhaustive search on random graphs of three-connected atoms, in which odd cycles abound.
func TestMatching(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	possible := 0
	for range 3000 {
		m := &Mol{Atoms: make([]Atom, 4+rng.IntN(13))}
		degree := make([]int, len(m.Atoms))
		for range 2 * len(m.Atoms) {
			a, b := rng.IntN(len(m.Atoms)), rng.IntN(len(m.Atoms))
			if a != b && degree[a] < 3 && degree[b] < 3 {
				degree[a]++
				degree[b]++
				m.Bonds = append(m.Bonds, Bond{Begin: int32(a), End: int32(b), Order: 1, Aromatic: true, InRing: true})
			}
		}
		m.link()
		needs, want := make([]int32, len(m.Atoms)), make([]bool, len(m.Atoms))
		for i := range m.Atoms {
			m.Atoms[i].Number = 6
			if rng.IntN(8) > 0 {
				needs[i], want[i] = 1, true
			}
		}
		pairs := newMatching(m, new(workspace), needs)
		failed := pairs.complete()
		if got, want := failed < 0, canPair(m, want); got != want {
			t.Fatalf("bonds %v, in need %v: paired %v, want %v", m.Bonds, needs, got, want)
		}
		if failed >= 0 {
			continue
		}
		possible++
		for i, mate := range pairs.mate {
			if needs[i] == 1 && (mate < 0 || pairs.mate[mate] != int32(i) || m.bondBetween(int32(i), mate) < 0) {
				t.Fatalf("atom %d is paired with %d", i, mate)
			}
		}
	}
	if possible < 100 {
		t.Errorf("only %d of the graphs could be paired", possible)
	}
}

// TestKekulize checks that each aromatic atom of some ring systems gets the bonds that it needs.
func TestKekulize(t *testing.T) {
	for _, s := range []string{"c1ccccc1", "c1ccc2ccccc2c1", "c1cc2ccc3cccc4ccc(c1)c2c34", "c1ccc2c(c1)ccc1ccccc12", "c1cc2ccc3ccc4ccc5ccc6ccc1c7c2c3c4c5c67",
		"c1ccc2cccc2cc1", "n1c[nH]cc1", "c1ncc2nc[nH]c2n1", "O=c1cccc[nH]1", "c1ccc2[nH]ccc2c1", "[n+]1(C)ccccc1", "c1cc[cH-]c1", "c1ccc2c(c1)oc1ccccc12"} {
		m, err := ParseSMILES(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		for i := range m.Atoms {
			a := &m.Atoms[i]
			if v := m.kekuleValence(i) + int(a.Hs); v != defaultValence(int(a.Number))+valenceShift(a) {
				t.Errorf("%s: atom %d has valence %d", s, i+1, v)
			}
		}
	}
}
