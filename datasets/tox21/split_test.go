package tox21

import (
	"slices"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// compounds makes data of these SMILES; one that cannot be read is unreadable.
func compounds(list ...string) *Data {
	d := &Data{}
	for i, s := range list {
		c := Compound{ID: strconv.Itoa(i), SMILES: s, Part: datasets.Part(i % 3)}
		if c.parse(); c.Mol != nil {
			c.Parent = smiles.Canonical(standardize.Parent(c.Mol))
		}
		d.Compounds = append(d.Compounds, c)
	}
	return d
}

// Scaffolds with most compounds are for training, rarer ones for the test, among equals those whose first compound comes earlier; those that
// no longer fit are skipped.
func TestScaffoldSplit(t *testing.T) {
	const (
		benzene, pyridine, hexane = "Cc1ccccc1", "Cc1ccncc1", "CCCCCC"
		furan, indane             = "Cc1ccoc1", "C1CCc2ccccc21"
	)
	d := compounds(furan, benzene, hexane, "xyz", "Oc1ccccc1", indane, "NC", pyridine, "c1ccc(cc1)C(=O)O", "c1ccncc1.Cl")
	for share, want := range map[float64][]int{
		0:                {},
		0.2:              {0, 5}, // of 9: up to 7 for training
		0.5:              {0, 2, 6, 7, 9},
		1:                {0, 1, 2, 4, 5, 6, 7, 8, 9},
		1 - 5.0/9 + 1e-6: {0, 2, 6, 7, 9}, // benzene, and indane, which still fits
	} {
		fit, test, err := d.ScaffoldSplit(t.Context(), share, 0)
		if err != nil || len(fit)+len(test) != 9 || !slices.Equal(append([]int{}, test...), want) || slices.Contains(fit, 3) {
			t.Errorf("share %v: fit %v, test %v (%v), want %v", share, fit, test, err, want)
		}
	}
}

// Neither split divides a scaffold or a parent, and the result does not depend on threads.
func TestSplits(t *testing.T) {
	d := synthetic(t, 1)
	groups := d.Groups()
	fit, test, err := d.RandomSplit(0.2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := datasets.WithoutGroups(fit, test, groups); err != nil || len(kept) != len(fit) || len(test)*6 < len(fit)+len(test) {
		t.Errorf("random: %d of %d rows share no parent with %d (%v)", len(kept), len(fit), len(test), err)
	}
	if fit, test, err = d.ScaffoldSplit(t.Context(), 0.2, 1); err != nil {
		t.Fatal(err)
	}
	if n := len(fit) + len(test); n != len(d.readable()) || len(test)*5 < n {
		t.Errorf("scaffold: %d and %d rows", len(fit), len(test))
	}
	_, again, err := d.ScaffoldSplit(t.Context(), 0.2, 4)
	if err != nil || !slices.Equal(test, again) {
		t.Errorf("other rows with more threads (%v)", err)
	}
	seen := make(map[string]bool)
	for _, r := range fit {
		seen[scaffoldOf(&d.Compounds[r])] = true
	}
	for _, r := range test {
		if c := &d.Compounds[r]; seen[scaffoldOf(c)] {
			t.Fatalf("the scaffold of %s is on both sides", c.SMILES)
		}
	}
}
