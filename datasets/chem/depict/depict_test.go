package depict_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/depict"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func distance(a, b depict.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// regular are molecules whose bonds can all have the same length.
var regular = []string{
	"CC(=O)Oc1ccccc1C(=O)O", "O=[N+]([O-])c1ccc(Cl)cc1", "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O", "c1cc2ccc3cccc4ccc(c1)c2c34", "C1CC11CC1",
	"CCCCCCCCCCCCCCCC(=O)O", "Clc1cc2Oc3cc(Cl)c(Cl)cc3Oc2cc1Cl", "FC(F)(F)c1ccc(cc1)S(=O)(=O)NC(C)(C)C", "CC(C)=CCCC(C)=CCCC(C)=CCCC(C)=CC", "C1CCCCCCCCCCCCCC1",
	"CCCC[Sn](CCCC)(CCCC)CCCC", "c1ccc2c(c1)ccc1c2ccc2ccccc12", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "N#CCC=C=C",
}

// Bonds of rings without bridges and of chains have the length 1, and no two atoms lie on each other.
func TestLengths(t *testing.T) {
	for _, text := range regular {
		m := chemtest.Mol(t, text)
		at := depict.Layout(m)
		for i := range at {
			for j := range i {
				d := distance(at[i], at[j])
				if bonded := m.BondBetween(i, j) >= 0; bonded && math.Abs(d-1) > 1e-3 || d < 0.6 {
					t.Errorf("%s: atoms %d and %d are %.3f apart, bonded %v", text, i, j, d, bonded)
				}
			}
		}
	}
}

// Cages keep their atoms apart, and parts of a salt do not touch.
func TestApart(t *testing.T) {
	for _, text := range []string{
		"C1CC2CCC1C2", "C1C2CC3CC1CC(C2)C3", "CN1CCC23C4C1CC5=C2C(=C(C=C5)O)OC3C(C=C4)O", "C12C3C4C1C5C2C3C45", "C1CN2CCC1CC2", "CC(=O)[O-].[Na+]", "[Cl-].[Cl-].[Ca+2]",
		"CC1OC(O)CC1CC#CCC=C=CC", "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O", "CCN(CC)CCNC(=O)c1ccc(N)cc1.Cl",
	} {
		m := chemtest.Mol(t, text)
		at := depict.Layout(m)
		for i := range at {
			for j := range i {
				if d := distance(at[i], at[j]); d < 0.25 || d > 2.5 && m.BondBetween(i, j) >= 0 {
					t.Errorf("%s: atoms %d and %d are %.3f apart", text, i, j, d)
				}
			}
		}
	}
}

// Every molecule has finite coordinates, the same each time, and a picture that is XML with all its atoms inside.
func TestAll(t *testing.T) {
	texts := slices.Concat(regular, chemtest.Mixed, []string{"C", "[Na+]", "*C", "[2H]C", "[CH3]", "[O-2].[Fe+3]", "C->[Fe]", strings.Repeat("C", 400), strings.Repeat("[Na+].", 50) + "C"})
	for _, text := range texts {
		m := chemtest.Mol(t, text)
		at := depict.Layout(m)
		if !slices.Equal(at, depict.Layout(m)) || len(at) != len(m.Atoms()) {
			t.Errorf("%s: other coordinates the second time", text)
		}
		for i, p := range at {
			if math.IsNaN(p.X+p.Y) || math.IsInf(p.X+p.Y, 0) {
				t.Fatalf("%s: atom %d is at %v", text, i, p)
			}
		}
		if len(at) == 0 {
			continue
		}
		weights := make([]float64, len(at))
		for i := range weights {
			weights[i] = math.Sin(float64(i))
		}
		svg, err := depict.SVG(m, depict.Options{Weights: weights, Title: "a < b & c"})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		wellFormed(t, svg)
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Fatalf("attribute %s", a.Name.Local) // a strict content security policy refuses it
				}
			}
		}
	}
}

// Positive and negative weights have their colours; atoms of little weight have none.
func TestColours(t *testing.T) {
	m := chemtest.Mol(t, "CCO")
	svg, err := depict.SVG(m, depict.Options{Weights: []float64{1, -0.5, 0.001}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(svg)
	if strings.Count(text, "<circle") != 2 || strings.Count(text, "p)\" opacity=\"0.85\"") != 1 || strings.Count(text, "n)\" opacity") != 1 || !strings.Contains(text, ">C 1: +1.000<") {
		t.Error(text)
	}
	if !strings.Contains(text, ">O</text>") || !strings.Contains(text, ">H</text>") || strings.Contains(text, ">C</text>") {
		t.Error("labels:", text)
	}
	plain, err := depict.SVG(m, depict.Options{Weights: make([]float64, 3)})
	if err != nil || strings.Contains(string(plain), "<circle") {
		t.Errorf("%s, %v", plain, err)
	}
}

func TestErrors(t *testing.T) {
	m := chemtest.Mol(t, "CCO")
	for say, o := range map[string]depict.Options{
		"2 weights of 3 atoms":      {Weights: make([]float64, 2)},
		"weight of atom 2 is NaN":   {Weights: []float64{0, math.NaN(), 0}},
		"largest weight is -1":      {Most: -1},
		"the largest weight is +In": {Most: math.Inf(1)},
	} {
		if _, err := depict.SVG(m, o); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
	for _, bad := range []*chem.Mol{nil, chemtest.Mol(t, strings.Repeat("C", 2001))} {
		if _, err := depict.SVG(bad, depict.Options{}); err == nil || !strings.Contains(err.Error(), "want 1 to 2000") {
			t.Error(err)
		}
	}
	if at := depict.Layout(nil); len(at) != 0 {
		t.Error(at)
	}
}

// FuzzSVG draws all that can be read.
func FuzzSVG(f *testing.F) {
	for _, s := range append(regular, chemtest.Mixed...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := smiles.Parse(text)
		if err != nil || len(m.Atoms()) == 0 || len(m.Atoms()) > 300 {
			return
		}
		svg, err := depict.SVG(m, depict.Options{Title: text})
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, svg)
	})
}
