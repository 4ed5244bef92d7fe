package descriptor

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// hugeMolecules are the largest of their kinds that a molecule may be: one ring, a chain, a comb, a ladder and fragments.
var hugeMolecules = map[string]string{
	"ring":      "C1" + strings.Repeat("C", 9997) + "C1",
	"chain":     strings.Repeat("C", 9999),
	"comb":      strings.Repeat("C(O)", 4999),
	"fragments": strings.Repeat("C.", 4999) + "C",
}

// BenchmarkHuge computes the descriptors of huge molecules, without the reading.
func BenchmarkHuge(b *testing.B) {
	for name, s := range hugeMolecules {
		m := chemtest.Mol(b, s)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compute(m)
			}
		})
	}
}

var _ = chem.Symbol
