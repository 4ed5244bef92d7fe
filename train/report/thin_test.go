package report

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The ends, the extremes and the gaps of a line survive, in order, and the limit holds.
func TestThin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(math.NaN()), rapid.Just(math.Inf(1))), 1, 500).Draw(t, "y")
		limit := rapid.IntRange(8, 600).Draw(t, "limit")
		keep := thin(y, limit)
		if len(keep) > limit || len(keep) > len(y) || keep[0] != 0 || keep[len(keep)-1] != len(y)-1 {
			t.Fatalf("%d of %d points, limit %d, from %d to %d", len(keep), len(y), limit, keep[0], keep[len(keep)-1])
		}
		if !slices.IsSorted(keep) || len(slices.Compact(slices.Clone(keep))) != len(keep) {
			t.Fatalf("not ascending: %v", keep)
		}
		kept := make([]float64, len(keep))
		for i, k := range keep {
			kept[i] = y[k]
		}
		if a, b := span(y), span(kept); a != b {
			t.Fatalf("all points span %v, those kept %v", a, b)
		}
		if slices.ContainsFunc(y, missing) != slices.ContainsFunc(kept, missing) {
			t.Fatal("a gap was lost")
		}
	})
}

func missing(v float64) bool { return !finite(v) }

func span(y []float64) (s [2]float64) {
	s = [2]float64{math.Inf(1), math.Inf(-1)}
	for _, v := range y {
		if finite(v) {
			s[0], s[1] = min(s[0], v), max(s[1], v)
		}
	}
	return s
}

// However many steps, the entries are few, without gaps, and keep the mean and the extremes.
func TestLossLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, n := rapid.IntRange(1, 50).Draw(t, "first"), rapid.IntRange(1, 5*maxLosses).Draw(t, "n")
		var log lossLog
		sum, s := 0.0, [2]float64{math.Inf(1), math.Inf(-1)}
		for i := range n {
			v := math.Sin(float64(i*i)) + 1/float64(i+1)
			log.add(first+i, v)
			sum, s = sum+v, [2]float64{min(s[0], v), max(s[1], v)}
		}
		next, mean, got := first, 0.0, [2]float64{math.Inf(1), math.Inf(-1)}
		for _, e := range log.entries {
			if e.First != next || e.Last < e.First {
				t.Fatalf("an entry of the steps %d to %d after step %d", e.First, e.Last, next-1)
			}
			next = e.Last + 1
			mean += e.Mean * float64(e.Last-e.First+1)
			got = [2]float64{min(got[0], e.Min), max(got[1], e.Max)}
		}
		if next != first+n || len(log.entries) > maxLosses || got != s || math.Abs(mean-sum) > 1e-9*float64(n) {
			t.Fatalf("%d entries to step %d span %v with sum %v; want %v and %v", len(log.entries), next-1, got, mean, s, sum)
		}
	})
}
