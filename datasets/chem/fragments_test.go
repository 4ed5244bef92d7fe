package chem_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

func TestFragments(t *testing.T) {
	m := chemtest.Mol(t, "C1CC1.c1ccccc1C.[Na+]")
	want := []struct {
		formula         string
		rings, aromatic int
	}{{"C3H6", 1, 0}, {"C7H8", 1, 6}, {"Na+", 0, 0}}
	parts := m.Fragments()
	if len(parts) != len(want) {
		t.Fatalf("%d fragments, want %d", len(parts), len(want))
	}
	for k, p := range parts {
		chemtest.CheckMol(t, p)
		if w := want[k]; p.Formula() != w.formula || len(p.Rings()) != w.rings || chemtest.CountAromatic(p) != w.aromatic {
			t.Errorf("fragment %d: %s, %d rings, %d aromatic atoms; want %v", k, p.Formula(), len(p.Rings()), chemtest.CountAromatic(p), w)
		}
	}
	if parts := chemtest.Mol(t, "").Fragments(); len(parts) != 0 {
		t.Errorf("%d fragments of nothing", len(parts))
	}
}
