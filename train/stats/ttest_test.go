package stats_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/stats"
)

// Student 1908: hours of extra sleep of ten patients after two drugs.
var (
	drug1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	drug2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

func TestPairedT(t *testing.T) {
	// R's t.test(extra ~ group, paired): t = -4.0621, df = 9, p-value = 0.002833.
	got, err := stats.PairedT(drug1, drug2, stats.TwoSided)
	if err != nil || math.Abs(got.T+4.0621) > 5e-5 || got.DF != 9 || math.Abs(got.P-0.002833) > 5e-7 {
		t.Errorf("%+v (%v), want t = -4.0621, 9 degrees of freedom, p = 0.002833", got, err)
	}
	less, _ := stats.PairedT(drug1, drug2, stats.Less)
	greater, _ := stats.PairedT(drug1, drug2, stats.Greater)
	if math.Abs(less.P-got.P/2) > 1e-12 || math.Abs(less.P+greater.P-1) > 1e-12 {
		t.Errorf("one-sided p %v and %v, two-sided %v", less.P, greater.P, got.P)
	}
}

// With one degree of freedom the statistic has a Cauchy distribution.
func TestPairedTCauchy(t *testing.T) {
	for _, second := range []float64{-3, 0.5, 2, 100} {
		got, err := stats.PairedT([]float64{1, second}, []float64{0, 0}, stats.Greater)
		want := 0.5 - math.Atan(got.T)/math.Pi
		if err != nil || math.Abs(got.P-want) > 1e-12 {
			t.Errorf("t = %v: p = %v (%v), want %v", got.T, got.P, err, want)
		}
	}
}

func TestPairedTErrors(t *testing.T) {
	tests := map[string][2][]float64{
		"one pair":        {{1}, {2}},
		"none":            {},
		"unequal lengths": {{1, 2}, {1}},
		"no spread":       {{1, 2, 3}, {2, 3, 4}},
		"NaN":             {{1, math.NaN()}, {2, 5}},
	}
	for name, test := range tests {
		if got, err := stats.PairedT(test[0], test[1], stats.TwoSided); err == nil {
			t.Errorf("%s: %+v, want an error", name, got)
		}
	}
	if _, err := stats.PairedT(drug1, drug2, 3); err == nil {
		t.Error("an unknown alternative was accepted")
	}
}

func TestDescribe(t *testing.T) {
	got, err := stats.Describe([]float64{2, 4, 4, 4, 5, 5, 7, 9})
	if want := math.Sqrt(32. / 7); err != nil || got.N != 8 || got.Mean != 5 || math.Abs(got.SD-want) > 1e-12 {
		t.Errorf("%+v (%v), want mean 5 and standard deviation %v", got, err, want)
	}
	if one, err := stats.Describe([]float64{3}); err != nil || !math.IsNaN(one.SD) || one.String() != "3.0000" {
		t.Errorf("%v (%v)", one, err)
	}
	for _, bad := range [][]float64{nil, {math.NaN()}, {1, math.Inf(1)}} {
		if _, err := stats.Describe(bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}
