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
	// A share unseenRows/n of the rows may be missing among n by chance. Without it, the mean of a standardized column is off by up to the
	// root of that share.
	unseenRows = 5
	// In 512 rows or fewer a feature of which one is different keeps this variance through standardize and tanh.
	columnVarianceLow = 1e-3
)

// inputSums are sums over the rows seen. Indicators, columns of 0 and 1 or constant ones, are left out of the verdict: they need no scale.
type inputSums struct {
	Rows          int
	Mean, Squares sums // over the rows: the sum of a row's features that are no indicators, and of their squares
	Columns       []inputColumn
}

// inputColumn summarizes the values of a feature.
type inputColumn struct {
	X, XX, Low, High float64
	Far              [len(farBounds)]int // rows beyond each of farBounds
	Graded           bool                // has values other than -1, 0 and 1
}

// farBounds are numbers of standard deviations. By Chebyshev's inequality at most one row in t^2 of a standardized column, however rare or
// long-tailed, lies beyond t; and none beyond the root of the number of rows, which is less than farthest.
var farBounds = [...]float64{3, 10}

const farthest = 1e4

// indicator reports whether the column needs no scale.
func (c *inputColumn) indicator() bool {
	return c.Low >= -1 && c.High <= 1 && (!c.Graded || c.Low == c.High)
}

func (c *inputColumn) add(v float64, first bool) {
	c.X += v
	c.XX += v * v
	if first || v < c.Low {
		c.Low = v
	}
	if first || v > c.High {
		c.High = v
	}
	c.Graded = c.Graded || v != 0 && v != 1 && v != -1
	for i, t := range farBounds {
		if v > t || v < -t {
			c.Far[i]++
		}
	}
}

// variance is that over so many rows. It is 0 for a constant column.
func (c *inputColumn) variance(rows int) float64 {
	if c.Low == c.High {
		return 0
	}
	mean := c.X / float64(rows)
	return math.Max(0, c.XX/float64(rows)-mean*mean)
}

// far reports whether the column cannot be a standardized one. every means that there are no other rows.
func (c *inputColumn) far(rows int, every bool) bool {
	if c.Low < -farthest || c.High > farthest || every && c.Low < c.High && c.variance(rows) < columnVarianceLow {
		return true
	}
	for i, t := range farBounds {
		if most := float64(rows) / (t * t); float64(c.Far[i]) > most+samplingSDs*math.Sqrt(most) {
			return true
		}
	}
	return false
}

// sums are the sum and the sum of squares of numbers.
type sums struct{ X, XX float64 }

func (s *sums) add(x float64) { s.X += x; s.XX += x * x }

// se is the standard error of the mean of n numbers.
func (s *sums) se(n int) float64 {
	mean := s.X / float64(n)
	return math.Sqrt(math.Max(0, s.XX/float64(n)-mean*mean) / float64(n-1))
}

// add adds the rows of a batch.
func (s *inputSums) add(x *tensor.Dense) {
	v, err := dense.Elements(x)
	if err != nil || len(v.Shape) != 2 {
		return
	}
	cols := v.Shape[1]
	if len(s.Columns) != cols {
		*s = inputSums{Columns: make([]inputColumn, cols)}
	}
	if v.F32 != nil {
		addRows(s, v.F32, cols)
	} else {
		addRows(s, v.F64, cols)
	}
}

func addRows[T dense.Float](s *inputSums, x []T, cols int) {
	const huge = 1e60 // clipped there, so that all sums are finite, as JSON wants it
	clip := func(v T) float64 { return max(-huge, min(huge, float64(v))) }
	for i, v := range x {
		s.Columns[i%cols].add(clip(v), s.Rows == 0 && i < cols)
	}
	for ; len(x) >= cols; x = x[cols:] {
		sum, squares := 0.0, 0.0
		for j, v := range x[:cols] {
			if v := clip(v); !s.Columns[j].indicator() {
				sum += v
				squares += v * v
			}
		}
		s.Mean.add(sum)
		s.Squares.add(squares)
		s.Rows++
	}
}

// verdict describes the fault of the inputs, or returns an empty text. As long as more rows follow, a small variance is no fault:
// features that are rarely different from 0 may not have been seen yet. Nor is it one if some values are large, as in long tails. every means
// that the rows are those of the whole epoch.
func (s *inputSums) verdict(all, every bool) string {
	var x, xx, reach float64
	judged, far, constant := 0, 0, true
	for i := range s.Columns {
		c := &s.Columns[i]
		constant = constant && c.Low == c.High
		if c.indicator() {
			continue
		}
		judged++
		x, xx, reach = x+c.X, xx+c.XX, max(reach, c.High, -c.Low)
		if c.far(s.Rows, every) {
			far++
		}
	}
	if all && constant {
		return fmt.Sprintf("all inputs are constant in the first %d rows: there is nothing to learn from", s.Rows)
	}
	if judged == 0 {
		return ""
	}
	n := float64(s.Rows) * float64(judged)
	mean, square := x/n, xx/n
	meanSE, squareSE := s.Mean.se(s.Rows)/float64(judged), s.Squares.se(s.Rows)/float64(judged)
	variance, tolerance := math.Max(0, square-mean*mean), inputSDs*squareSE
	small := all && reach < 1 && variance < inputVarianceLow-tolerance
	if !every {
		meanSE += math.Sqrt(unseenRows/float64(s.Rows)) / inputSDs
	}
	if far == 0 && !small && math.Abs(mean) <= inputMean+inputSDs*meanSE && variance <= inputVarianceHigh+tolerance {
		return ""
	}
	which := ""
	if judged < len(s.Columns) {
		which = fmt.Sprintf(" in %d features that are not only 0 and 1", judged)
	}
	return fmt.Sprintf("the inputs are not standardized: the first %d rows have mean %.3g and variance %.3g%s%s, but networks of SELU units "+
		"want 0 and 1; scale each feature with the statistics of the training rows, as datasets.FitScaler does",
		s.Rows, mean, variance, which, s.worst(every))
}

// worst names the feature that is farthest out: among those that are, the largest or smallest, or else the largest.
func (s *inputSums) worst(every bool) string {
	worst, distance, isFar := 0, -1.0, false
	for i := range s.Columns {
		c := &s.Columns[i]
		d, far := c.XX/float64(s.Rows), c.far(s.Rows, every) && !c.indicator()
		if far && d > 0 {
			d = max(d, 1/d)
		}
		if far && !isFar || far == isFar && d > distance {
			worst, distance, isFar = i, d, far
		}
	}
	c := &s.Columns[worst]
	return fmt.Sprintf(" (farthest out: feature %d, counted from 0, with mean %.3g and variance %.3g)", worst, c.X/float64(s.Rows), c.variance(s.Rows))
}

// watchInputs looks at the rows of a step, and judges them as soon as there are enough. last means that no more will follow.
func (a *advisor) watchInputs(s *State, x *tensor.Dense, last bool) {
	if x != nil && a.Inputs.Rows < maxInputRows {
		a.Inputs.add(x)
	} else if !last {
		return
	}
	if n := a.Inputs.Rows; n < fewestInputRows || n < minInputRows && !last || a.Inputs.Columns == nil {
		return
	}
	if text := a.Inputs.verdict(last || a.Inputs.Rows >= maxInputRows, last && a.Inputs.Rows < maxInputRows); text != "" {
		a.warn(s, adviceInputs, "%s", text)
	}
	if a.Inputs.Rows >= maxInputRows {
		a.Inputs.Columns = nil // a checkpoint need not hold them
	}
}
