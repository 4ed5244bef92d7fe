package standardize

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestParentOfMixtures takes the parents of mixtures of isomers and of all mixtures of the reference files, with their atoms and fragments in
// random order.
func TestParentOfMixtures(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	texts := []string{
		"C(CC)CO.CCC(O)C", "CCCO.CCOC.CC(C)O", "CC(N)C(=O)O.NCCC(=O)O", "Clc1ccccc1Br.Clc1cccc(Br)c1.Clc1ccc(Br)cc1", "C1CC1.CC=C",
		"CC(C)=O.CCC=O.C1CCO1.OCC=C", "[2H]CC.CC[3H]", "C[18F].[13CH3]F", "OC1CCCCC1C.CC1CCCC(O)C1.CCC1CCCC1O",
	}
	for _, name := range []string{"chem/rdkit_oracle.csv.gz", "tox21/tox21.smiles.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			tab := chemtest.Tables(t, name)[0]
			for row := range tab.Rows {
				if s := tab.Text(t, row, "smiles"); strings.Contains(s, ".") {
					checkOrder(t, s, rng)
				}
			}
		})
	}
	for _, s := range texts {
		for range 10 {
			checkOrder(t, s, rng)
		}
	}
}

func checkOrder(t *testing.T, s string, rng *rand.Rand) {
	t.Helper()
	m := chemtest.Mol(t, s)
	want := smiles.Canonical(Parent(m))
	if got := smiles.Canonical(Parent(chemtest.Permute(t, m.MergeHydrogens(), rng))); got != want {
		t.Errorf("%s: parent %s, in another order %s", s, want, got)
	}
	parts := strings.Split(s, ".")
	rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	if other, err := smiles.Parse(strings.Join(parts, ".")); err == nil { // ring numbers may join fragments
		if got := smiles.Canonical(Parent(other)); got != want {
			t.Errorf("%s: parent %s, with the fragments in another order %s", s, want, got)
		}
	}
}

// TestCounterIonsAreNotParents puts a small organic molecule beside each counter-ion of the list and beside common inorganic ones.
func TestCounterIonsAreNotParents(t *testing.T) {
	others := []string{
		"[Li+]", "[Na+]", "[K+]", "[Cs+]", "[Mg+2]", "[Ca+2]", "[Ba+2]", "[Zn+2]", "[Al+3]", "[Ag+]", "[F-]", "Cl", "[Br-]", "I", "[OH-]", "O", "N", "[NH4+]",
		"[BH4-]", "F[B-](F)(F)F", "F[P-](F)(F)(F)(F)F", "[O-]Cl(=O)(=O)=O", "OS(=O)(=O)[O-]", "[O-][N+](=O)[O-]", "OP(=O)([O-])[O-]", "OB(O)O",
		"[O-]C(=O)C(F)(F)F", "[O-]C=O", "[O-]C(=O)C(=O)[O-]", "[O-]C(=O)/C=C/C(=O)O", "[2H]C([2H])([2H])S(=O)C([2H])([2H])[2H]", "C[NH2+]C", "[C-]#N", "[S-]C#N",
		"[Na+].[Na+].[O-]C(=O)CC(O)(CC(=O)[O-])C(=O)[O-]", "[Pt+2].[Cl-].[Cl-]",
	}
	const drug = "OCC=C" // fewer atoms than most
	want := smiles.Canonical(chemtest.Mol(t, drug))
	for _, s := range append(others, counterIons...) {
		for _, mixture := range []string{s + "." + drug, drug + "." + s} {
			if got := smiles.Canonical(Parent(chemtest.Mol(t, mixture))); got != want {
				t.Errorf("%s: parent %s", mixture, got)
			}
		}
		alone := chemtest.Mol(t, s)
		if p := Parent(alone); len(p.Atoms()) == 0 {
			t.Errorf("%s alone has no parent", s)
		}
	}
}

// TestParentOfCounterIons has nothing better to choose from.
func TestParentOfCounterIons(t *testing.T) {
	for _, c := range []struct{ smiles, parent string }{
		{"CC(=O)[O-].[Na+]", "CC(=O)O"},
		{"CC(=O)[O-].[NH4+]", "CC(=O)O"},
		{"C[NH3+].[O-]C(=O)C(F)(F)F", "OC(=O)C(F)(F)F"}, // more atoms
		{"[Na+].[BH4-]", "[Na+]"},                       // heavier
		{"[Cu+2].CC(=O)[O-].CC(=O)[O-]", "CC(=O)O"},     // organic
	} {
		got := smiles.Canonical(Parent(chemtest.Mol(t, c.smiles)))
		if want := smiles.Canonical(chemtest.Mol(t, c.parent)); got != want {
			t.Errorf("%s: parent %s, want %s", c.smiles, got, want)
		}
	}
}
