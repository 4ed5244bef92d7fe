package callback

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Bounds of mean and variance of the inputs: the mean is that of the domain of Theorem 1; below a variance of 0.05 not even
// the proof of Theorem 3 says that the variance recovers in deeper layers. Real features are rarely normal, and squashed or rare
// ones have small variances, so that the upper bound is a little above 1.5 and the lower one far below 0.8.
const (
	inputMean, inputVarianceLow, inputVarianceHigh = 0.1, 0.05, 2
	// The inputs are judged when minInputRows rows have been seen, or all, and again until maxInputRows have been.
	minInputRows, maxInputRows, fewestInputRows = 64, 512, 8
	// inputSDs is the number of standard errors of the batch statistics within which there is no warning.
	inputSDs = 4
)

// inputSums are sums over the rows seen.
type inputSums struct {
	Rows             int
	Mean, Squares    sums      // over the rows: the means of a row's features, and of their squares
	Column, ColumnSq []float64 // of each feature
}

// sums are the sum and the sum of squares of numbers.
type sums struct{ X, XX float64 }

func (s *sums) add(x float64) { s.X += x; s.XX += x * x }

// mean returns the mean of n numbers and its standard error.
func (s *sums) mean(n int) (mean, se float64) {
	mean = s.X / float64(n)
	return mean, math.Sqrt(math.Max(0, s.XX/float64(n)-mean*mean) / float64(n-1))
}

// add adds the rows of a batch.
func (s *inputSums) add(x *tensor.Dense) {
	v, err := dense.Elements(x)
	if err != nil || len(v.Shape) != 2 {
		return
	}
	cols := v.Shape[1]
	if len(s.Column) != cols || len(s.ColumnSq) != cols {
		*s = inputSums{Column: make([]float64, cols), ColumnSq: make([]float64, cols)}
	}
	if v.F32 != nil {
		addRows(s, v.F32, cols)
	} else {
		addRows(s, v.F64, cols)
	}
}

func addRows[T dense.Float](s *inputSums, x []T, cols int) {
	const huge = 1e60 // clipped there, so that all sums are finite, as JSON wants it
	for ; len(x) >= cols; x = x[cols:] {
		sum, squares := 0.0, 0.0
		for j, v := range x[:cols] {
			v := max(-huge, min(huge, float64(v)))
			sum += v
			squares += v * v
			s.Column[j] += v
			s.ColumnSq[j] += v * v
		}
		s.Mean.add(sum / float64(cols))
		s.Squares.add(squares / float64(cols))
		s.Rows++
	}
}

// verdict describes the fault of the inputs, or returns an empty text. As long as more rows follow, a small variance is no fault:
// features that are rarely different from 0 may not have been seen yet.
func (s *inputSums) verdict(all bool) string {
	mean, meanSE := s.Mean.mean(s.Rows)
	square, squareSE := s.Squares.mean(s.Rows)
	variance, tolerance := math.Max(0, square-mean*mean), inputSDs*squareSE
	if !all && variance < inputVarianceLow {
		return ""
	}
	if math.Abs(mean) <= inputMean+inputSDs*meanSE && variance <= inputVarianceHigh+tolerance && variance >= inputVarianceLow-tolerance {
		return ""
	}
	return fmt.Sprintf("the inputs are not standardized: the first %d rows have mean %.3g and variance %.3g%s, but networks of SELU units "+
		"want 0 and 1; scale each feature with the statistics of the training rows, as datasets.FitScaler does",
		s.Rows, mean, variance, s.worst())
}

// worst names the feature that is farthest out.
func (s *inputSums) worst() string {
	worst := 0
	for j := range s.Column {
		if s.ColumnSq[j] > s.ColumnSq[worst] {
			worst = j
		}
	}
	n := float64(s.Rows)
	mean := s.Column[worst] / n
	return fmt.Sprintf(" (largest: feature %d, counted from 0, with mean %.3g and variance %.3g)", worst, mean, math.Max(0, s.ColumnSq[worst]/n-mean*mean))
}

// watchInputs looks at the rows of a step, and judges them as soon as there are enough. last means that no more will follow.
func (a *advisor) watchInputs(s *State, x *tensor.Dense, last bool) {
	if x != nil && a.Inputs.Rows < maxInputRows {
		a.Inputs.add(x)
	} else if !last {
		return
	}
	if n := a.Inputs.Rows; n < fewestInputRows || n < minInputRows && !last {
		return
	}
	if text := a.Inputs.verdict(last || a.Inputs.Rows >= maxInputRows); text != "" {
		a.warn(s, adviceInputs, "%s", text)
	}
}
