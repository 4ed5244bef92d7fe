package stats

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/stat"
)

// Summary describes a sample, such as the scores of the folds of a cross-validation.
type Summary struct {
	N    int
	Mean float64
	// SD is the sample standard deviation, with the divisor n-1. It is NaN for a single value.
	SD float64
}

// Describe returns the mean and the standard deviation. It returns an error for an empty sample, for a value that is not finite,
// and for values so large that float64 cannot hold their sum or squares.
func Describe(x []float64) (Summary, error) {
	s, err := describe(x)
	return s, errors.Wrap(err, "stats")
}

func describe(x []float64) (Summary, error) {
	if len(x) == 0 {
		return Summary{}, errors.New("an empty sample")
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Summary{}, errors.Errorf("value %d is %v", i, v)
		}
	}
	mean, sd := stat.MeanStdDev(x, nil)
	if math.IsInf(mean, 0) || math.IsInf(sd, 0) || math.IsNaN(mean) || math.IsNaN(sd) && len(x) > 1 {
		return Summary{}, errors.Errorf("%d values whose mean is %v and whose standard deviation is %v", len(x), mean, sd)
	}
	return Summary{N: len(x), Mean: mean, SD: sd}, nil
}

// String returns the mean and the standard deviation with four decimals, or the mean alone if there is only one value.
func (s Summary) String() string {
	if math.IsNaN(s.SD) {
		return fmt.Sprintf("%.4f", s.Mean)
	}
	return fmt.Sprintf("%.4f ± %.4f", s.Mean, s.SD)
}
