package smarts

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestElementSymbols: symbols in upper case match aliphatic atoms only where SMARTS has aromatic ones in lower case, and
// those of the other elements match both, as in RDKit. The triple bond of benzyne stays a triple bond.
func TestElementSymbols(t *testing.T) {
	for _, c := range []struct {
		pattern, smiles string
		want            int
	}{
		{"[Se]", "c1cc[se]c1", 1},
		{"[se]", "c1cc[se]c1", 1},
		{"[se]", "C1CC[Se]C1", 0},
		{"[Te,I]", "c1cc[te]c1", 1},
		{"[Si]", "C1=CC=[SiH]C=C1", 1},
		{"[S]", "c1ccsc1", 0},
		{"[P]", "c1ccpcc1", 0},
		{"c#c", "c1cc#ccc1", 1},
		{"c:c", "c1cc#ccc1", 5},
		{"c1ccccc1", "c1cc#ccc1", 0},
	} {
		if got := MustParse(c.pattern).Count(chemtest.Mol(t, c.smiles)); got != c.want {
			t.Errorf("%s in %s: %d, want %d", c.pattern, c.smiles, got, c.want)
		}
	}
}
