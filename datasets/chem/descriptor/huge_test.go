package descriptor

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
)

// hugeMolecules are a ring, a chain, combs, a peptide and fragments of about n atoms.
func hugeMolecules(n int) map[string]string {
	return map[string]string{
		"ring":      "C1" + strings.Repeat("C", n-2) + "C1",
		"chain":     strings.Repeat("C", n),
		"comb":      strings.Repeat("C(O)", n/2),
		"polymer":   strings.Repeat("CC(c1ccccc1)CCCC", n/12),
		"peptide":   strings.Repeat("NC(Cc1ccc(O)cc1)C(=O)NC(C)C(=O)", n/17),
		"fragments": strings.Repeat("C.", n-1) + "C",
	}
}

// TestSampledSums: the estimates for large molecules are close to the sums over all pairs of atoms.
func TestSampledSums(t *testing.T) {
	for name, s := range hugeMolecules(1200) {
		m := chemtest.Mol(t, s)
		part := m.Components()[0]
		if len(part) <= maxAllPairs {
			continue
		}
		lengths := newLengths(m)
		sums := make([]float64, len(part))
		lengths.sampledSums(part, sums)
		intrinsic, states := intrinsicStates(m, new(space)), make([]float64, len(part))
		walk := topology.NewWalker(m)
		sampledStates(walk, part, intrinsic, states)
		worstSum, worstState := 0.0, 0.0
		for _, i := range part {
			total := 0
			distances, _ := lengths.from(i, len(part))
			for _, d := range distances {
				total += int(d)
			}
			state := intrinsic[i]
			for _, r := range walk.From(int(i), len(part)) {
				state += influence(intrinsic[i]-intrinsic[r.Atom], r.Distance)
			}
			worstSum = max(worstSum, math.Abs(12*sums[i]/float64(total)-1))
			worstState = max(worstState, math.Abs(states[i]-state))
		}
		t.Logf("%s: sums of distances to %.2g, states to %.2g", name, worstSum, worstState)
		if worstSum > 0.01 || worstState > 0.05 {
			t.Errorf("%s: sums of distances to %.2g, states to %.2g", name, worstSum, worstState)
		}
	}
}

// TestNearestDistances: the search for the nearest atoms finds the first of all distances, and leaves nothing behind.
func TestNearestDistances(t *testing.T) {
	for _, s := range append(slices.Clone(chemtest.Mixed), "[U]"+strings.Repeat("(C)(=C)(#CC#*)(~C)1(=CC=1)", 5)) {
		m := chemtest.Mol(t, s)
		lengths := newLengths(m)
		for i := range m.Atoms() {
			all, _ := lengths.from(int32(i), len(m.Atoms()))
			all = slices.Clone(all)
			for most := range len(all) + 1 {
				if few, atoms := lengths.from(int32(i), most); !slices.Equal(few, all[:most]) || len(atoms) != most {
					t.Fatalf("%s, atom %d: %v are not the first %d of %v", s, i, few, most, all)
				}
			}
		}
	}
}

// BenchmarkHuge computes the descriptors of the largest molecules of their kinds, without the reading.
func BenchmarkHuge(b *testing.B) {
	for name, s := range hugeMolecules(9999) {
		m := chemtest.Mol(b, s)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compute(m)
			}
		})
	}
}

// TestSearchesComplete: the searches of all descriptors together stay within the limit of work in a molecule of almost 10,000 atoms.
func TestSearchesComplete(t *testing.T) {
	p := new(profile)
	p.reset(chemtest.Mol(t, hugeMolecules(9999)["peptide"]))
	for _, b := range blocks {
		b.fill(p, make([]float64, len(b.names)))
	}
	if p.t.Exhausted() {
		t.Error("a search was cut short")
	}
}
