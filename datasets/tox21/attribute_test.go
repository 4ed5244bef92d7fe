package tox21

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// Contributions keep their sum when they are divided among atoms and other features. Equal contributions of equal atoms stay equal.
func TestAttribute(t *testing.T) {
	_, raw := stand(t, 200, 0)
	f := fit(t, raw, upTo(200))
	contributions := make([]float64, f.Cols())
	for c := range contributions {
		contributions[c] = math.Sin(float64(c))
	}
	for _, text := range []string{"c1ccccc1", "O=[N+]([O-])c1ccc(Cl)cc1", "CC(=O)[O-].[Na+]", "C"} {
		m, err := smiles.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		a, err := f.Attribute(m, contributions)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for _, v := range contributions {
			want += v
		}
		if got := a.Sum(); math.Abs(got-want) > 1e-9 || len(a.Atoms) != len(m.Atoms()) {
			t.Errorf("%s: sum %v, want %v", text, got, want)
		}
		if text == "c1ccccc1" && (a.Atoms[0] == 0 || math.Abs(a.Atoms[0]-a.Atoms[3]) > 1e-12) {
			t.Errorf("atoms of benzene: %v", a.Atoms)
		}
	}
}

// A substructure that no other feature hides goes to its atoms, divided by its occurrences.
func TestAttributeOne(t *testing.T) {
	mol := func(text string) *chem.Mol {
		m, err := smiles.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	mols := []*chem.Mol{mol("CCl"), mol("C"), mol("CC")}
	raw, err := Compute(t.Context(), mols, []Family{{Kind: ECFP6}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := fit(t, raw, upTo(3))
	chlorine := -1
	for c, id := range f.families[0].IDs {
		if raw.prints[ECFP6][0].N(id) == 1 && raw.prints[ECFP6][2].N(id) == 0 {
			one := make([]float64, f.Cols())
			one[c] = 6
			a, err := f.Attribute(mol("ClCCl"), one)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Equal(a.Atoms, []float64{3, 0, 3}) {
				chlorine = c
			}
		}
	}
	if chlorine < 0 {
		t.Error("no substructure is chlorine alone")
	}
	if a, err := f.Attribute(mol("CC"), make([]float64, f.Cols())); err != nil || a.Others != nil {
		t.Errorf("%+v, %v", a, err)
	}
}
