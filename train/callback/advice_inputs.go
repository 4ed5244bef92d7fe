package callback

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Bounds of the inputs. Features that are only ever -1, 0 or 1 are codes, such as those of categories and of missing values: they need no
// scale. Constant features that were scaled are 0, and count as codes too.
const (
	// Mean and variance over all other features: the mean is that of the domain of Theorem 1; below a variance of 0.05 not even
	// the proof of Theorem 3 says that the variance recovers in deeper layers. Real features are rarely normal, and squashed or rare
	// ones have small variances, so that the upper bound is a little above 1.5 and the lower one far below 0.8.
	inputMean, inputVarianceLow, inputVarianceHigh = 0.1, 0.05, 2
	// A single feature varies more from sample to sample, as a rare one may not have been seen yet.
	featureMean = 0.5
	// By Chebyshev's inequality at most one in farOut^2 values of a standardized feature lies farther than farOut from 0, and by Markov's
	// the mean of its squares over some rows exceeds hugeSquare once in 100,000 samples at most, whatever its distribution.
	farOut, hugeSquare = 4, 1e5
	// A feature of 512 rows or fewer of which one is different keeps this variance through standardize and tanh.
	featureVarianceLow = 1e-3
	// The inputs are judged when minInputRows rows have been seen, or all, and again until maxInputRows have been.
	minInputRows, maxInputRows, fewestInputRows = 64, 512, 8
	// inputSDs is the number of standard errors of the batch statistics within which there is no warning.
	inputSDs = 4
)

// inputSums are sums over the rows seen.
type inputSums struct {
	Rows          int
	Mean, Squares sums // over the rows: the sums of a row's features that are no codes, and of their squares
	Columns       []inputColumn
}

// inputColumn holds the sums of a feature. Its short names are those in a checkpoint.
type inputColumn struct {
	X    float64 `json:"x,omitempty"`
	XX   float64 `json:"xx,omitempty"`
	Far  int     `json:"far,omitempty"`  // values beyond farOut
	Real bool    `json:"real,omitempty"` // a value was not -1, 0 or 1
}

// moments returns mean and variance over n rows.
func (c *inputColumn) moments(n int) (mean, variance float64) {
	mean = c.X / float64(n)
	return mean, math.Max(0, c.XX/float64(n)-mean*mean)
}

// unscaled reports whether the n rows of a feature cannot be drawn from one that was standardized. all means that there are no others.
func (c *inputColumn) unscaled(n int, all bool) bool {
	mean, variance := c.moments(n)
	const share = 1. / (farOut * farOut)
	far := float64(n)*share + inputSDs*math.Sqrt(float64(n)*share*(1-share))
	return math.Abs(mean) > featureMean+inputSDs*math.Sqrt(variance/float64(n-1)) || float64(c.Far) > far ||
		c.XX > hugeSquare*float64(n) || all && variance > 0 && variance < featureVarianceLow
}

// sums are the sum and the sum of squares of numbers.
type sums struct{ X, XX float64 }

func (s *sums) add(x float64) { s.X += x; s.XX += x * x }

// se returns the standard error of the mean of n numbers.
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
	for k, v := range x {
		if v != 0 && v != 1 && v != -1 {
			s.Columns[k%cols].Real = true
		}
	}
	for ; len(x) >= cols; x = x[cols:] {
		sum, squares := 0.0, 0.0
		for j, v := range x[:cols] {
			v, c := max(-huge, min(huge, float64(v))), &s.Columns[j]
			c.X += v
			c.XX += v * v
			if math.Abs(v) > farOut {
				c.Far++
			}
			if c.Real {
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
// features that are rarely different from 0 may not have been seen yet. complete means that the rows are those of a whole epoch.
func (s *inputSums) verdict(last, complete bool) string {
	n := float64(s.Rows)
	var all inputColumn
	real, unscaled, constant := 0, 0, true
	for j := range s.Columns {
		c := &s.Columns[j]
		_, variance := c.moments(s.Rows)
		constant = constant && variance <= 1e-12*c.XX/n
		if !c.Real {
			continue
		}
		real++
		all.X, all.XX = all.X+c.X, all.XX+c.XX
		if c.unscaled(s.Rows, complete) {
			unscaled++
		}
	}
	if last && constant {
		return fmt.Sprintf("all inputs are constant in the first %d rows: there is nothing to learn from", s.Rows)
	}
	if real == 0 {
		return ""
	}
	values := n * float64(real)
	mean := all.X / values
	variance := math.Max(0, all.XX/values-mean*mean)
	meanSE, squareSE := s.Mean.se(s.Rows)/float64(real), s.Squares.se(s.Rows)/float64(real)
	tolerance := inputSDs * squareSE
	waits := !last && variance < inputVarianceLow
	fine := math.Abs(mean) <= inputMean+inputSDs*meanSE && variance <= inputVarianceHigh+tolerance && variance >= inputVarianceLow-tolerance
	if unscaled == 0 && (waits || fine) {
		return ""
	}
	return fmt.Sprintf("the inputs are not standardized: the first %d rows have mean %.3g and variance %.3g%s, but networks of SELU units "+
		"want 0 and 1; scale each feature with the statistics of the training rows, as datasets.FitScaler does",
		s.Rows, mean, variance, s.worst(complete))
}

// worst names the feature that is farthest out: one that is unscaled, or else the largest.
func (s *inputSums) worst(complete bool) string {
	worst, distance, unscaled := -1, 0.0, false
	for j := range s.Columns {
		c := &s.Columns[j]
		if !c.Real {
			continue
		}
		mean, variance := c.moments(s.Rows)
		d, u := mean*mean+variance, c.unscaled(s.Rows, complete)
		if u && d > 0 {
			d = max(d, 1/d)
		}
		if worst < 0 || u && !unscaled || u == unscaled && d > distance {
			worst, distance, unscaled = j, d, u
		}
	}
	mean, variance := s.Columns[worst].moments(s.Rows)
	return fmt.Sprintf(" (farthest out: feature %d, counted from 0, with mean %.3g and variance %.3g)", worst, mean, variance)
}

// watchInputs looks at the rows of a step, and judges them as soon as there are enough. last means that no more will follow.
func (a *advisor) watchInputs(s *State, x *tensor.Dense, last bool) {
	if x != nil && a.Inputs.Rows < maxInputRows {
		a.Inputs.add(x)
	} else if !last {
		return
	}
	n := a.Inputs.Rows
	if n < fewestInputRows || n < minInputRows && !last || a.Inputs.Columns == nil {
		return
	}
	if text := a.Inputs.verdict(last || n >= maxInputRows, last && n < maxInputRows); text != "" {
		a.warn(s, adviceInputs, "%s", text)
	}
	if n >= maxInputRows {
		a.Inputs.Columns = nil // a checkpoint need not hold them
	}
}
