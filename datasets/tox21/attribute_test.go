package tox21

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
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

// The atoms of a parent are found in the molecule: with charges, in any order, beside counter-ions.
func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"CC(=O)[O-].[Na+]":                      "CCOO",
		"[Cl-].C[NH2+]Cc1ccccc1":                "CNCCCCCCC",
		"[O-][N+](=O)c1ccc(Cl)cc1":              "ONOCCCCClCC",
		"CCO.OCC.[K+].[Br-]":                    "CCOOCC",
		"[Cl-].CCCCCC[n+]1ccccc1":               "CCCCCCNCCCCC",
		"[H]/N=C(\\C)c1ccccc1":                  "NCCCCCCCC",
		"[Na+].[O-]c1ccccc1C(=O)O":              "OCCCCCCCOO",
		"C":                                     "C",
		"[Na+].[Cl-]":                           "?",
		"C[N+](C)(C)CC(=O)[O-]":                 "CNCCCCOO",
		"[2H]C([2H])([2H])S(C)=O":               "HCHHSCO",
		"O=C([O-])c1cccnc1.[NH4+].O":            "OCOCCCCNC",
		"CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O.O": "CCCCCCCCCCCOCCCCCCCCO",
	} {
		m, err := smiles.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		parent := standardize.Parent(m)
		at := places(parent, m)
		if len(at) != len(parent.Atoms()) {
			t.Errorf("%s: %v", text, at)
			continue
		}
		got := ""
		for j := range m.Atoms() {
			for i, all := range at {
				if slices.Contains(all, int32(j)) {
					if parent.Atoms()[i].Number != m.Atoms()[j].Number {
						t.Errorf("%s: atom %d is %d of the parent", text, j, i)
					}
					got += chem.Symbol(m.Atoms()[j].Number)
				}
			}
		}
		if got != want && want != "?" {
			t.Errorf("%s: atoms %s, want %s", text, got, want)
		}
	}
}

// The baseline contains the features of absent substructures.
func TestBaseline(t *testing.T) {
	d, raw := stand(t, 200, 0)
	f := fit(t, raw, upTo(200))
	baseline, err := f.Baseline()
	if err != nil || len(baseline) != f.Cols() {
		t.Fatalf("%d columns, %v", len(baseline), err)
	}
	features, err := f.Transform(t.Context(), d.Mols()[:1], 1)
	if err != nil {
		t.Fatal(err)
	}
	all := values(features)
	c := 0
	for _, fit := range f.families {
		for k := range fit.cols() {
			absent := len(fit.IDs) > 0 && raw.prints[fit.Kind][raw.entry[0]].N(fit.IDs[k]) == 0
			if of := occurrences[fit.Kind] != nil; of && absent && baseline[c] != float64(all[c]) || !of && baseline[c] != 0 {
				t.Errorf("column %d, %s: baseline %v, features %v", c, fit.Kind, baseline[c], all[c])
			}
			c++
		}
	}
	if b, err := (*Featurizer)(nil).Baseline(); b != nil || err != nil {
		t.Error(b, err)
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
