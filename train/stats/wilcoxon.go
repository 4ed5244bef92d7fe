package stats

import (
	"math"

	"github.com/pkg/errors"
)

// ErrNoDifference is the cause of the error if all differences are zero, so that there is nothing to rank.
var ErrNoDifference = errors.New("all differences are zero")

// Alternative is the alternative hypothesis of a test; the null hypothesis is that the differences are symmetric around 0.
type Alternative int

const (
	// TwoSided: the differences are shifted either way.
	TwoSided Alternative = iota
	// Greater: the differences tend to be above 0.
	Greater
	// Less: the differences tend to be below 0.
	Less
)

// Zeros determines how Wilcoxon's test treats differences of exactly 0.
type Zeros int

const (
	// DropZeros leaves them out before ranking (Wilcoxon 1945), as R does, and SciPy's zero_method "wilcox".
	DropZeros Zeros = iota
	// RankZeros ranks them, then leaves their ranks out of the sums (Pratt 1959), SciPy's zero_method "pratt".
	RankZeros
)

// Method determines how a p-value is computed.
type Method int

const (
	// Auto is Exact for fewer than 50 differences without zeros and ties, and Normal otherwise: R's choice.
	Auto Method = iota
	// Exact counts sign patterns. With zeros or ties it uses the exact distribution of the observed ranks.
	Exact
	// Normal is the normal approximation, with the variance corrected for ties.
	Normal
)

// maxExact bounds the work of Exact, which grows with the cube of the number of differences.
const maxExact = 500

// Wilcoxon is the signed-rank test for paired samples (Wilcoxon 1945). Its zero value is two-sided and equals R's
// wilcox.test(x, y, paired = TRUE); SciPy's wilcoxon differs in having no continuity correction by default.
type Wilcoxon struct {
	Alternative Alternative
	Zeros       Zeros
	Method      Method
	// NoCorrection omits the continuity correction of the normal approximation.
	NoCorrection bool
	// Resolution rounds the differences to its multiples before they are ranked, so that 0.3-0.2 and 0.2-0.1 tie. Use the last
	// digit of the scores, such as 1e-4. 0 means no rounding, as in R and SciPy.
	Resolution float64
}

// SignedRank is the result of Wilcoxon's test.
type SignedRank struct {
	// N counts the differences that are not zero, Zeros the others.
	N, Zeros int
	// Plus and Minus are the sums of the ranks of the positive and of the negative differences. R's V is Plus; SciPy's
	// two-sided statistic is the smaller of the two.
	Plus, Minus float64
	// Ties reports whether some differences have the same absolute value.
	Ties bool
	// Exact reports whether P is exact. Otherwise Z is the standard normal statistic.
	Exact bool
	Z     float64
	// P is the probability of a result at least as extreme under the hypothesis of symmetry around 0.
	P float64
}

// Paired tests the differences x[i] - y[i]. It returns the errors of Test, and an error for slices of unequal length.
func (w Wilcoxon) Paired(x, y []float64) (SignedRank, error) {
	r, err := w.paired(x, y)
	return r, errors.Wrap(err, "stats: Wilcoxon")
}

func (w Wilcoxon) paired(x, y []float64) (SignedRank, error) {
	if len(x) != len(y) {
		return SignedRank{}, errors.Errorf("%d and %d values", len(x), len(y))
	}
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	return w.test(d)
}

// Test tests whether differences are symmetric around 0. It returns an error with cause [ErrNoDifference] if all differences are 0, and an
// error for a difference that is not finite, for Exact with more than 500 differences, and for unknown options.
func (w Wilcoxon) Test(differences []float64) (SignedRank, error) {
	r, err := w.test(differences)
	return r, errors.Wrap(err, "stats: Wilcoxon")
}

func (w Wilcoxon) test(differences []float64) (SignedRank, error) {
	r, ranks, err := w.rank(differences)
	if err != nil {
		return SignedRank{}, err
	}
	r.Exact = w.Method == Exact || w.Method == Auto && r.N < 50 && r.Zeros == 0 && !r.Ties
	switch {
	case !r.Exact:
		r.Z, r.P = w.normal(r.Plus, ranks)
	case len(differences) > maxExact:
		return SignedRank{}, errors.Errorf("exact test of %d differences, want at most %d", len(differences), maxExact)
	default:
		r.P = w.exact(r.Plus, ranks)
	}
	return r, nil
}

// rank returns the rank sums, and the ranks of the differences that are not zero.
func (w Wilcoxon) rank(differences []float64) (r SignedRank, ranks []float64, err error) {
	if w.Alternative < TwoSided || w.Alternative > Less || w.Zeros < DropZeros || w.Zeros > RankZeros ||
		w.Method < Auto || w.Method > Normal || !(w.Resolution >= 0) || math.IsInf(w.Resolution, 0) {
		return r, nil, errors.Errorf("options %+v", w)
	}
	sizes := make([]float64, len(differences))
	signs := make([]float64, len(differences))
	seen := map[float64]bool{}
	for i, d := range differences {
		if math.IsNaN(d) || math.IsInf(d, 0) {
			return r, nil, errors.Errorf("difference %d is %v", i, d)
		}
		if w.Resolution > 0 {
			if d = math.Round(d / w.Resolution); math.IsInf(d, 0) {
				return r, nil, errors.Errorf("difference %d is %v, too large for the resolution %v", i, differences[i], w.Resolution)
			}
		}
		sizes[i], signs[i] = math.Abs(d), d
		if d == 0 {
			r.Zeros++
			if w.Zeros == DropZeros {
				sizes[i] = math.NaN() // no rank
			}
			continue
		}
		r.N++
		r.Ties = r.Ties || seen[sizes[i]]
		seen[sizes[i]] = true
	}
	if r.N == 0 {
		return r, nil, ErrNoDifference
	}
	for i, rank := range Ranks(sizes, true) {
		switch {
		case signs[i] > 0:
			r.Plus += rank
		case signs[i] < 0:
			r.Minus += rank
		default:
			continue
		}
		ranks = append(ranks, rank)
	}
	return r, ranks, nil
}
