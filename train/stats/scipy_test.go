package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/train/stats"
)

// TestSciPy compares Wilcoxon's test and ranks with SciPy's, on random cases with and without ties and zeros.
// testdata/cases.py has made them.
func TestSciPy(t *testing.T) {
	var file struct {
		Cases []struct {
			X, Y        []float64
			Zeros       string
			Alternative string
			Correction  bool
			Exact       bool
			Statistic   float64
			P           float64
			Ranks       []float64
		}
	}
	text, err := os.ReadFile("testdata/scipy.json")
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil || len(file.Cases) < 20 {
		t.Fatalf("%d cases (%v)", len(file.Cases), err)
	}
	zeros := map[string]stats.Zeros{"wilcox": stats.DropZeros, "pratt": stats.RankZeros}
	alternatives := map[string]stats.Alternative{"two-sided": stats.TwoSided, "greater": stats.Greater, "less": stats.Less}
	ties, nothing := 0, 0
	for i, c := range file.Cases {
		test := stats.Wilcoxon{Zeros: zeros[c.Zeros], Alternative: alternatives[c.Alternative], Method: stats.Normal, NoCorrection: !c.Correction}
		if c.Exact {
			test.Method = stats.Exact
		}
		r, err := test.Paired(c.X, c.Y)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		statistic := r.Plus
		if c.Alternative == "two-sided" {
			statistic = math.Min(r.Plus, r.Minus)
		}
		if statistic != c.Statistic || math.Abs(r.P-c.P) > 1e-12 {
			t.Errorf("case %d: statistic %v and p %v, SciPy has %v and %v", i, statistic, r.P, c.Statistic, c.P)
		}
		for k, rank := range stats.Ranks(c.X, true) {
			if rank != c.Ranks[k] {
				t.Errorf("case %d: rank %d is %v, SciPy has %v", i, k, rank, c.Ranks[k])
			}
		}
		if r.Ties {
			ties++
		}
		nothing += r.Zeros
	}
	if ties == 0 || nothing == 0 {
		t.Errorf("%d cases with ties, %d zeros: both should occur", ties, nothing)
	}
}
