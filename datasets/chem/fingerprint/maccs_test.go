package fingerprint

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

func TestMACCS(t *testing.T) {
	for smiles, want := range map[string][]uint32{
		"CNO":         {24, 68, 69, 71, 93, 94, 102, 124, 131, 139, 151, 158, 160, 161, 164},
		"CCC":         {74, 114, 149, 155, 160},
		"c1ccccc1":    {162, 163, 165},
		"[Na+].[Cl-]": {35, 44, 49, 103, 134, 166},
		"[La]":        {6, 44},
		"[U]":         {4, 44},
		"":            nil,
		// A ring of ten atoms runs around both rings of naphthalene.
		"c1ccc2ccccc2c1": {101, 105, 125, 145, 162, 163, 165},
	} {
		f := MACCS(chemtest.Mol(t, smiles))
		checkFingerprint(t, f)
		var keys []uint32
		for _, c := range f {
			keys = append(keys, c.ID)
		}
		if !slices.Equal(keys, want) {
			t.Errorf("%s: keys %v, want %v", smiles, keys, want)
		}
	}
}

// TestMACCSRange: keys lie between 1 and 166, are set or not, and do not depend on the order of the atoms.
func TestMACCSRange(t *testing.T) {
	for _, group := range chemtest.SameMolecule {
		want := MACCS(chemtest.Mol(t, group[0]))
		for _, c := range want {
			if c.ID < 1 || c.ID > 166 || c.N != 1 {
				t.Errorf("%s: entry %v", group[0], c)
			}
		}
		for _, s := range group[1:] {
			if got := MACCS(chemtest.Mol(t, s)); !slices.Equal(got, want) {
				t.Errorf("%s: %v, %s: %v", group[0], want, s, got)
			}
		}
	}
}
