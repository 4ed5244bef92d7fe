package tox21

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// BenchmarkSteps takes each step from a SMILES to the features for every twelfth compound; an iteration is one of them.
func BenchmarkSteps(b *testing.B) {
	d, err := Embedded(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	var mols, parents []*chem.Mol
	for i := 0; i < len(d.Compounds); i += 12 {
		if c := &d.Compounds[i]; c.Mol != nil {
			texts, mols, parents = append(texts, c.SMILES), append(mols, c.Mol), append(parents, standardize.Parent(c.Mol))
		}
	}
	step := func(name string, do func(i int)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + 1) % len(texts) {
				do(i)
			}
		})
	}
	step("parse", func(i int) { smiles.Parse(texts[i]) })
	step("parent", func(i int) { standardize.ParentKey(mols[i]) })
	for _, f := range DefaultFamilies() {
		m := methods[f.Kind]
		step(string(f.Kind), func(i int) {
			if m.fingerprint != nil {
				m.fingerprint(parents[i])
			} else {
				m.values(parents[i])
			}
		})
	}
}
