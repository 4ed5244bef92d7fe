package fingerprint

import (
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestAtomPairIdentifiers compares with the values that RDKit's Getting Started guide prints for diethyl ether.
func TestAtomPairIdentifiers(t *testing.T) {
	want := Counts{{541732, 1}, {558113, 2}, {558115, 2}, {558146, 1}, {1606690, 2}, {1606721, 2}}
	if f := AtomPairs(chemtest.Mol(t, "CCOCC")); !slices.Equal(f, want) {
		t.Errorf("%v, want %v", f, want)
	}
}

func TestAtomPairKinds(t *testing.T) {
	for _, c := range []struct {
		smiles string
		atom   int
		want   uint32 // neighbours | pi electrons << 3 | element << 5
	}{
		{"CC", 0, 1 | 0<<3 | 1<<5},
		{"C=C", 0, 1 | 1<<3 | 1<<5},
		{"C#N", 1, 1 | 2<<3 | 2<<5},
		{"c1ccccc1", 0, 2 | 1<<3 | 1<<5},
		{"CC(=O)O", 3, 1 | 0<<3 | 3<<5},
		{"CC(=O)O", 2, 1 | 1<<3 | 3<<5},
		{"[Na+]", 0, 0 | 0<<3 | 15<<5}, // an element without a code of its own
		{"[Tc]", 0, 0 | 0<<3 | 15<<5},
		{"BrC", 0, 1 | 0<<3 | 11<<5},
		{"C=[NH2+]", 1, 1 | 1<<3 | 2<<5}, // hydrogens in brackets are no pi electrons
		{"[CH2]=[CH2]", 0, 1 | 1<<3 | 1<<5},
		{"C[BH2]", 1, 1 | 0<<3 | 0<<5},
		{"CC=O->[Ru]", 2, 2 | 0<<3 | 3<<5}, // sp3 by its dative bond
	} {
		p := new(pairing)
		p.reset(chemtest.Mol(t, c.smiles))
		if got := p.codes[c.atom]; got != c.want {
			t.Errorf("atom %d of %s: %b, want %b", c.atom, c.smiles, got, c.want)
		}
	}
}

// TestAtomPairTotal: a connected molecule with no distance above 30 has n(n-1)/2 pairs, fragments add up.
func TestAtomPairTotal(t *testing.T) {
	for _, c := range []struct {
		smiles string
		want   int
	}{
		{"c1ccccc1", 15},
		{"CC(=O)Oc1ccccc1C(=O)O", 13 * 12 / 2},
		{"CC(=O)[O-].[Na+]", 6},
		{"c1ccccc1.c1ccccc1", 30},
	} {
		if got := AtomPairs(chemtest.Mol(t, c.smiles)).Total(); got != c.want {
			t.Errorf("%s: %d pairs, want %d", c.smiles, got, c.want)
		}
	}
}

// TestPairsInTable: a table counts what a list counts, in the same order, and leaves its memory clean.
func TestPairsInTable(t *testing.T) {
	var p pairing
	for range 2 {
		for _, s := range append(chemtest.Mixed, strings.Repeat("CC(=O)N", 40), "", "C", "C.C") {
			m := chemtest.Mol(t, s)
			p.reset(m)
			if got, want := p.inTable(), p.inList(); !slices.Equal(got, want) || !slices.Equal(AtomPairs(m), want) {
				t.Errorf("%s: %v, want %v", s, got, want)
			}
		}
	}
}
