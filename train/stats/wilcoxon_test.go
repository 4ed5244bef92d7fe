package stats_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/stats"
	"pgregory.net/rapid"
)

var alternatives = []stats.Alternative{stats.TwoSided, stats.Greater, stats.Less}

// enumerate gives every difference that is not zero either sign and counts the patterns whose sum of positive ranks is at
// most, and at least, the one observed.
func enumerate(d []float64, zeros stats.Zeros) (plus float64, below, above float64) {
	var sizes []float64
	for _, x := range d {
		if x != 0 || zeros == stats.RankZeros {
			sizes = append(sizes, math.Abs(x))
		}
	}
	var ranks []float64
	for _, x := range d {
		if x == 0 {
			continue
		}
		at := 0
		for sizes[at] != math.Abs(x) {
			at++
		}
		rank := slowRank(sizes, at, true)
		ranks = append(ranks, rank)
		if x > 0 {
			plus += rank
		}
	}
	patterns := 1 << len(ranks)
	for pattern := range patterns {
		sum := 0.0
		for i, r := range ranks {
			if pattern>>i&1 == 1 {
				sum += r
			}
		}
		if sum <= plus {
			below++
		}
		if sum >= plus {
			above++
		}
	}
	return plus, below / float64(patterns), above / float64(patterns)
}

func sided(alternative stats.Alternative, below, above float64) float64 {
	return map[stats.Alternative]float64{
		stats.TwoSided: min(1, 2*min(below, above)), stats.Greater: above, stats.Less: below,
	}[alternative]
}

// The exact test equals the enumeration of all sign patterns, with and without ties and zeros.
func TestWilcoxonExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := values(rapid.IntRange(1, 9).Draw(t, "n")).Draw(t, "d")
		if rapid.Bool().Draw(t, "distinct") {
			for i := range d {
				d[i] += float64(i+1) / 100
			}
		}
		zeros := rapid.SampledFrom([]stats.Zeros{stats.DropZeros, stats.RankZeros}).Draw(t, "zeros")
		plus, below, above := enumerate(d, zeros)
		for _, alternative := range alternatives {
			got, err := stats.Wilcoxon{Alternative: alternative, Zeros: zeros, Method: stats.Exact}.Test(d)
			if errors.Is(err, stats.ErrNoDifference) && got.N == 0 {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := sided(alternative, below, above); got.P != want || got.Plus != plus || !got.Exact {
				t.Fatalf("%v, alternative %d: %+v, want V = %v, p = %v", d, alternative, got, plus, want)
			}
		}
	})
}

// The normal approximation equals the textbook formulas: variance n(n+1)(2n+1)/24 less the sum of (t^3-t)/48 over groups of
// t ties, and with Pratt's zeros less that of the zeros' ranks.
func TestWilcoxonNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := values(rapid.IntRange(2, 40).Draw(t, "n")).Draw(t, "d")
		zeros := rapid.SampledFrom([]stats.Zeros{stats.DropZeros, stats.RankZeros}).Draw(t, "zeros")
		correction := rapid.Bool().Draw(t, "correction")
		groups := map[float64]float64{}
		for _, x := range d {
			groups[math.Abs(x)]++
		}
		none := groups[0]
		n := float64(len(d))
		if delete(groups, 0); zeros == stats.DropZeros {
			n, none = n-none, 0
		}
		mean := n*(n+1)/4 - none*(none+1)/4
		variance := n*(n+1)*(2*n+1)/24 - none*(none+1)*(2*none+1)/24
		for _, k := range groups {
			variance -= (k*k*k - k) / 48
		}
		for _, alternative := range alternatives {
			got, err := stats.Wilcoxon{Alternative: alternative, Zeros: zeros, Method: stats.Normal, NoCorrection: !correction}.Test(d)
			if errors.Is(err, stats.ErrNoDifference) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			shift := 0.0
			if correction {
				shift = map[stats.Alternative]float64{stats.Greater: 0.5, stats.Less: -0.5, stats.TwoSided: 0.5}[alternative]
				if alternative == stats.TwoSided {
					shift *= sign(got.Plus - mean)
				}
			}
			z := (got.Plus - mean - shift) / math.Sqrt(variance)
			want := sided(alternative, (1+math.Erf(z/math.Sqrt2))/2, math.Erfc(z/math.Sqrt2)/2)
			if math.Abs(got.Z-z) > 1e-9 || math.Abs(got.P-want) > 1e-12 || got.Exact {
				t.Fatalf("%v, alternative %d: %+v, want z = %v, p = %v", d, alternative, got, z, want)
			}
		}
	})
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Exchanging the samples exchanges the one-sided tests and leaves the two-sided one.
func TestWilcoxonSymmetry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		x, y := values(n).Draw(t, "x"), values(n).Draw(t, "y")
		for alternative, opposite := range map[stats.Alternative]stats.Alternative{stats.TwoSided: stats.TwoSided, stats.Greater: stats.Less} {
			a, err := stats.Wilcoxon{Alternative: alternative}.Paired(x, y)
			b, other := stats.Wilcoxon{Alternative: opposite}.Paired(y, x)
			if (err == nil) != (other == nil) || math.Abs(a.P-b.P) > 1e-12 || a.Plus != b.Minus {
				t.Fatalf("%+v (%v) and %+v (%v)", a, err, b, other)
			}
		}
	})
}

// Published examples.
func TestWilcoxonPublished(t *testing.T) {
	// Darwin's maize in SciPy's documentation of wilcoxon.
	maize := []float64{6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75}
	// Hollander and Wolfe 1973, page 29, in R's documentation of wilcox.test: depression scale before and after therapy.
	depression := differences([]float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30},
		[]float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29})
	// Student's sleep data with R's wilcox.test(paired = TRUE): a zero and a tie, hence the normal approximation.
	sleep := differences(drug1, drug2)
	tests := []struct {
		name                string
		test                stats.Wilcoxon
		d                   []float64
		plus, minus, p, tol float64
	}{
		{"maize, two-sided", stats.Wilcoxon{}, maize, 96, 24, 0.041259765625, 0},
		{"maize, greater", stats.Wilcoxon{Alternative: stats.Greater}, maize, 96, 24, 0.0206298828125, 0},
		{"depression", stats.Wilcoxon{Alternative: stats.Greater}, depression, 40, 5, 0.01953125, 0},
		{"sleep", stats.Wilcoxon{Resolution: 0.1}, sleep, 0, 45, 0.009091, 5e-7},
	}
	for _, test := range tests {
		got, err := test.test.Test(test.d)
		if err != nil || got.Plus != test.plus || got.Minus != test.minus || math.Abs(got.P-test.p) > test.tol {
			t.Errorf("%s: %+v (%v), want sums %v and %v, p = %v", test.name, got, err, test.plus, test.minus, test.p)
		}
	}
}

func differences(x, y []float64) []float64 {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	return d
}

// Auto counts where there are few differences without ties and zeros. The normal approximation is close to that.
func TestWilcoxonAuto(t *testing.T) {
	sample := func(n int) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i+1) * float64(1-2*(i%3/2)) // every third is negative
		}
		return d
	}
	tests := []struct {
		name  string
		d     []float64
		exact bool
	}{
		{"49", sample(49), true},
		{"50", sample(50), false},
		{"a zero", append(sample(10), 0), false},
		{"a tie", append(sample(10), -1), false},
	}
	for _, test := range tests {
		auto, err := stats.Wilcoxon{}.Test(test.d)
		if err != nil || auto.Exact != test.exact {
			t.Errorf("%s: %+v (%v), want exact = %v", test.name, auto, err, test.exact)
		}
		exact, err1 := stats.Wilcoxon{Method: stats.Exact}.Test(test.d)
		normal, err2 := stats.Wilcoxon{Method: stats.Normal}.Test(test.d)
		if err1 != nil || err2 != nil || math.Abs(exact.P-normal.P) > 0.02 {
			t.Errorf("%s: exact %v (%v), normal %v (%v)", test.name, exact.P, err1, normal.P, err2)
		}
	}
	large, err := stats.Wilcoxon{Method: stats.Exact}.Test(sample(300))
	normal, _ := stats.Wilcoxon{}.Test(sample(300))
	if err != nil || math.Abs(math.Log(large.P/normal.P)) > 0.5 {
		t.Errorf("300 differences: exact %v (%v), normal %v", large.P, err, normal.P)
	}
}

// With a resolution, differences tie that are equal but for rounding.
func TestWilcoxonResolution(t *testing.T) {
	x, y := []float64{0.3, 0.1, 0.9}, []float64{0.2, 0.2, 0.4}
	raw, err := stats.Wilcoxon{}.Paired(x, y)
	if err != nil || raw.Ties {
		t.Fatalf("%+v (%v)", raw, err)
	}
	rounded, err := stats.Wilcoxon{Resolution: 1e-4}.Paired(x, y)
	if err != nil || !rounded.Ties || rounded.Plus != 4.5 {
		t.Errorf("%+v (%v), want ranks 1.5, 1.5 and 3", rounded, err)
	}
}

func TestWilcoxonErrors(t *testing.T) {
	good := []float64{1, -2, 3}
	tests := []struct {
		name string
		test stats.Wilcoxon
		d    []float64
	}{
		{"none", stats.Wilcoxon{}, nil},
		{"zeros only", stats.Wilcoxon{Zeros: stats.RankZeros}, []float64{0, 0}},
		{"NaN", stats.Wilcoxon{}, []float64{1, math.NaN()}},
		{"infinite", stats.Wilcoxon{}, []float64{1, math.Inf(-1)}},
		{"alternative", stats.Wilcoxon{Alternative: 7}, good},
		{"method", stats.Wilcoxon{Method: -1}, good},
		{"zeros", stats.Wilcoxon{Zeros: 2}, good},
		{"resolution", stats.Wilcoxon{Resolution: math.NaN()}, good},
		{"too many", stats.Wilcoxon{Method: stats.Exact, Zeros: stats.RankZeros}, append(make([]float64, 500), 1)},
	}
	for _, test := range tests {
		if got, err := test.test.Test(test.d); err == nil {
			t.Errorf("%s: %+v, want an error", test.name, got)
		}
	}
	if _, err := (stats.Wilcoxon{}).Paired(good, good[1:]); err == nil {
		t.Error("unequal lengths were accepted")
	}
}
