package standardize

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func TestParent(t *testing.T) {
	for _, c := range []struct{ smiles, parent string }{
		{"", ""},
		{"CCO", "CCO"},
		{"CC(=O)[O-].[Na+]", "CC(=O)O"},
		{"C[NH3+].[Cl-]", "CN"},
		{"CCN.Cl", "CCN"},
		{"C[N+](C)(C)C.[Br-]", "C[N+](C)(C)C"}, // quaternary nitrogen stays
		{"C[N+](C)(C)CC(=O)[O-]", "C[N+](C)(C)CC(=O)[O-]"}, // betaine: the charges balance
		{"C[N+](C)(C)CC([O-])C(=O)[O-]", "C[N+](C)(C)CC(O)C(=O)[O-]"},
		{"[NH3+]CC(=O)[O-]", "NCC(=O)O"},
		{"C[N+](=O)[O-]", "C[N+](=O)[O-]"},
		{"c1cc[nH+]cc1.[O-]Cl", "c1ccncc1"},
		{"[O-]c1ccccc1.[K+]", "Oc1ccccc1"},
		{"CS(=O)(=O)[O-]", "CS(=O)(=O)O"},
		{"c1nnn[n-]1", "c1nnn[nH]1"},
		{"C[S-].[Na+]", "CS"},
		{"F[B-](F)(F)F.[Na+]", "F[B-](F)(F)F"},
		{"[Na+].[Cl-]", "Cl"},
		{"[Na+].[Na+].[O-]S(=O)(=O)[O-]", "OS(=O)(=O)O"},
		{"[O-][Cl+3]([O-])([O-])[O-].[K+]", "O[Cl+3]([O-])([O-])[O-]"},
		{"[O-][N+](=O)[O-].[Na+]", "O[N+](=O)[O-]"},
		{"O.O.C", "C"},        // carbon before size
		{"CCCl.CCBr", "CCBr"}, // weight
		{"CCCO.CCOC", "CCOC"}, // equal but for the text
		{"O[C@H](F)C", "OC(F)C"},
		{"[H]/N=C/C", "N=CC"},
		{"C[CH2+]", "CC"},
		{"[NH4+].[NH4+].[O-]C(=O)C(=O)[O-]", "OC(=O)C(=O)O"},
	} {
		p := Parent(chemtest.Mol(t, c.smiles))
		chemtest.CheckMol(t, p)
		got, want := smiles.Canonical(p), smiles.Canonical(chemtest.Mol(t, c.parent))
		if c.smiles == "CCCO.CCOC" {
			want = min(smiles.Canonical(chemtest.Mol(t, "CCCO")), smiles.Canonical(chemtest.Mol(t, "CCOC")))
		}
		if got != want {
			t.Errorf("%s: parent %s, want %s", c.smiles, got, want)
		}
	}
}

// TestParentDependsOnMoleculeOnly checks that the order of atoms in the input leaves no trace.
func TestParentDependsOnMoleculeOnly(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for _, s := range []string{
		"CC1=CCC2CC1C2(C)C", "C[N+](C)(C)CC([O-])C([O-])C(=O)[O-].[Na+].[Na+]", "CC(C)Cc1ccc(cc1)C(C)C(=O)[O-].[Na+]",
		"OC(=O)CC(O)(CC(=O)[O-])C(=O)[O-].[Ca+2]", "C1CC2CCC1CC2.C1CCCCC1",
	} {
		m := chemtest.Mol(t, s)
		want := Parent(m)
		for range 10 {
			got := Parent(chemtest.Permute(t, m, rng))
			if len(got.Atoms()) != len(want.Atoms()) || len(got.Rings()) != len(want.Rings()) {
				t.Fatalf("%s in another order: %d and %d atoms, %d and %d rings", s, len(want.Atoms()), len(got.Atoms()), len(want.Rings()), len(got.Rings()))
			}
			for i := range got.Atoms() {
				if got.Atoms()[i] != want.Atoms()[i] {
					t.Fatalf("%s in another order: atom %d differs", s, i)
				}
			}
			for k := range got.Bonds() {
				if got.Bonds()[k] != want.Bonds()[k] {
					t.Fatalf("%s in another order: bond %d differs", s, k)
				}
			}
		}
	}
}
