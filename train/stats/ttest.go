package stats

import (
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/stat/distuv"
)

// StudentT is the result of a t-test.
type StudentT struct {
	// T is the statistic, with DF degrees of freedom.
	T  float64
	DF int
	P  float64
}

// PairedT is Student's t-test of the differences x[i] - y[i]. It assumes that they are normal and independent. Scores of folds that share
// training rows are not independent, which makes the p-value too small. It returns an error for unequal lengths, fewer than two pairs,
// values that are not finite, differences that are all equal, and an unknown alternative.
func PairedT(x, y []float64, alternative Alternative) (StudentT, error) {
	if len(x) != len(y) || alternative < TwoSided || alternative > Less {
		return StudentT{}, errors.Errorf("stats: t-test: %d and %d values, alternative %d", len(x), len(y), alternative)
	}
	d := make([]float64, len(x))
	equal := true
	for i := range d {
		d[i] = x[i] - y[i]
		equal = equal && d[i] == d[0]
	}
	s, err := describe(d)
	if err != nil {
		return StudentT{}, errors.Wrap(err, "stats: t-test")
	}
	if s.N < 2 || equal || s.SD == 0 {
		return StudentT{}, errors.Errorf("stats: t-test: %d differences without a spread", s.N)
	}
	r := StudentT{T: s.Mean / (s.SD / math.Sqrt(float64(s.N))), DF: s.N - 1}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(r.DF)}
	switch alternative {
	case Greater:
		r.P = t.CDF(-r.T)
	case Less:
		r.P = t.CDF(r.T)
	default:
		r.P = 2 * t.CDF(-math.Abs(r.T))
	}
	return r, nil
}
