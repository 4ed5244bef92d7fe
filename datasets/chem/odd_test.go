package chem_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/descriptor"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestCanonicalOfOddSystems checks that the canonical SMILES of a system of fused rings does not depend on the order of the atoms, and that it
// is read as the same molecule.
func TestCanonicalOfOddSystems(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	possible, aromatic := 0, 0
	for range 4000 {
		m, err := chem.New(chemtest.OddSystem(rng))
		if err != nil {
			continue
		}
		possible++
		if chemtest.CountAromatic(m) > 0 {
			aromatic++
		}
		checkSame(t, m, rng)
	}
	if possible < 1000 || aromatic < 100 {
		t.Errorf("%d possible molecules, %d with aromatic atoms: too few to mean anything", possible, aromatic)
	}
}

// checkSame writes m, in its order of atoms and in another, and compares what is read with m.
func checkSame(t *testing.T, m *chem.Mol, rng *rand.Rand) {
	t.Helper()
	text := smiles.Canonical(m)
	if got := smiles.Canonical(chemtest.Permute(t, m, rng)); got != text {
		t.Errorf("canonical %s, in another order %s", text, got)
	}
	again := chemtest.Mol(t, text)
	if got := smiles.Canonical(again); got != text {
		t.Errorf("canonical %s, again %s", text, got)
	}
	if again.Formula() != m.Formula() || chemtest.CountAromatic(again) != chemtest.CountAromatic(m) {
		t.Errorf("%s: %s with %d aromatic atoms, read again %s with %d", text, m.Formula(), chemtest.CountAromatic(m),
			again.Formula(), chemtest.CountAromatic(again))
	}
	for radius := range 3 { // beyond, it is the order that decides which of two atoms with the same environment grows on
		if !slices.Equal(fingerprint.ECFP(m, radius), fingerprint.ECFP(again, radius)) {
			t.Errorf("%s: other identifiers of radius %d when read again", text, radius)
		}
	}
	if a, b := descriptor.TPSA(m), descriptor.TPSA(again); a-b > 1e-6 || b-a > 1e-6 {
		t.Errorf("%s: TPSA %v, read again %v", text, a, b)
	}
}

// TestCanonicalOfKnownOddSystems has some whose aromatic atoms depended on the order of the atoms, and some that are no molecules of daily life.
func TestCanonicalOfKnownOddSystems(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	for _, s := range []string{
		"*CCCC2=C1C(=O)N(C(=O)N2CC/F)C1*", "C3=CC=C(C1=BO1)N4C2=CN4C=CN23", "C14=CC=C5C=CC2=C1C5=C2C3=CN=C4C=C3", "C12=CC=C1C=C2",
		"C=C1C=CC(=C)c2ccccc12", "c1cc2ccc3cccc4ccc(c1)c2c34", "C1=CC2=CC=CC2=C1", "c1ccc2-c3ccccc3-c2c1", "O=c1ccc(=O)cc1", "C1=CC=CC=CC=C1",
		"c1cc[n+]2ccccc2c1", "[O-][n+]1ccccc1", "c1c[nH]c2[nH]ccc12", "O=P1(O)C=CC=C1", "C1=CP=CP=C1", "b1ccccc1", "[se]1cccc1", "c1ccc2[te]ccc2c1",
		"C1=CC2=C3C(=C1)C=CC3=CC=C2", "c1ccc2c(c1)C=C2", "N1=C2C=CC=CC2=N1", "C1=CC(=C2C=CC=C2)C=C1", "c12c3c4c5c1c6c7c8c2c9c1c3c2c3c4c4c%10c5c5c6c6c7c7c%11c8c9c8c9c1c2c1c2c3c4c3c4c%10c5c5c6c6c7c7c%11c8c8c9c1c1c2c3c2c4c5c6c3c7c8c1c23",
	} {
		checkSame(t, chemtest.Mol(t, s), rng)
	}
}
