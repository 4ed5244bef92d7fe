package chem_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// TestKekulize checks that each aromatic atom of some ring systems gets the bonds that it needs.
func TestKekulize(t *testing.T) {
	for _, s := range []string{"c1ccccc1", "c1ccc2ccccc2c1", "c1cc2ccc3cccc4ccc(c1)c2c34", "c1ccc2c(c1)ccc1ccccc12",
		"c1cc2ccc3ccc4ccc5ccc6ccc1c7c2c3c4c5c67", "c1ccc2cccc2cc1", "n1c[nH]cc1", "c1ncc2nc[nH]c2n1", "O=c1cccc[nH]1",
		"c1ccc2[nH]ccc2c1", "[n+]1(C)ccccc1", "c1cc[cH-]c1", "c1ccc2c(c1)oc1ccccc12"} {
		m := chemtest.Mol(t, s)
		for i, a := range m.Atoms() {
			v := int(a.Hs)
			for _, n := range m.Neighbors(i) {
				v += int(m.Bonds()[n.Bond].Order)
			}
			if v != element.DefaultValence(int(a.Number))+element.ValenceShift(a.Number, a.Charge) {
				t.Errorf("%s: atom %d has valence %d", s, i+1, v)
			}
		}
	}
}
