package fingerprint

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

func TestFeatures(t *testing.T) {
	const donor, acceptor, aromatic, halogen, basic, acidic = 1, 2, 4, 8, 16, 32
	for _, c := range []struct {
		smiles string
		want   []uint32
	}{
		{"CCO", []uint32{0, 0, donor | acceptor}},
		{"CC(=O)O", []uint32{0, acidic, acceptor, donor}},
		{"c1ccncc1", []uint32{aromatic, aromatic, aromatic, aromatic | acceptor, aromatic, aromatic}},
		{"FCN", []uint32{halogen, 0, donor | acceptor | basic}},
		{"C[NH3+]", []uint32{0, donor | basic}},
	} {
		m := chemtest.Mol(t, c.smiles)
		got := make([]uint32, len(m.Atoms()))
		features(smarts.NewTarget(m), got)
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("atom %d of %s: features %b, want %b", i, c.smiles, got[i], c.want[i])
			}
		}
	}
}
