package explain

import (
	"cmp"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
)

// target is the function of the output of a network that is explained.
type target struct {
	output int // index
	column int
	graphs.Output
}

func targetOf(net *graphs.Network, t Target) (*target, error) {
	for i, o := range net.Outputs {
		if name := cmp.Or(o.Name, batch.Y); t.Output != name && (t.Output != "" || i > 0) {
			continue
		}
		switch {
		case t.Column < 0 || t.Column >= o.Width:
			return nil, errors.Errorf("column %d of %d outputs", t.Column, o.Width)
		case o.Loss.Link == graphs.Softmax && o.Width < 2:
			return nil, errors.New("there is one class alone, whose probability is always 1")
		}
		return &target{i, t.Column, o}, nil
	}
	return nil, errors.Errorf("the network has no output %q", t.Output)
}

// linear reports whether the slope is the same everywhere.
func (t *target) linear() bool { return t.Loss.Link != graphs.Softmax || t.Width == 2 }

// calibrated returns a row of the output after calibration.
func (t *target) calibrated(z []float64) []float64 {
	y := slices.Clone(z)
	_ = t.Calibration.Apply(y) // fits, since the network has been checked
	return y
}

// value returns the value for a row of the output: a calibrated column, less the logarithm of the sum of the exponentials of the others
// for classes.
func (t *target) value(z []float64) float64 {
	y := t.calibrated(z)
	if t.Loss.Link != graphs.Softmax {
		return y[t.column]
	}
	most, sum := t.largest(y), 0.0
	for k, v := range y {
		if k != t.column {
			sum += math.Exp(v - most)
		}
	}
	return y[t.column] - most - math.Log(sum)
}

// largest returns the largest of the other columns.
func (t *target) largest(y []float64) float64 {
	most := math.Inf(-1)
	for k, v := range y {
		if k != t.column {
			most = max(most, v)
		}
	}
	return most
}

// slope writes the gradient of the value with respect to the row of the output.
func (t *target) slope(z, to []float64) {
	clear(to)
	if t.Loss.Link == graphs.Softmax {
		y := t.calibrated(z)
		most, sum := t.largest(y), 0.0
		for k, v := range y {
			if k != t.column {
				to[k] = math.Exp(v - most)
				sum += to[k]
			}
		}
		for k := range to {
			to[k] *= -1 / sum
		}
	}
	to[t.column] = 1
	t.throughCalibration(to)
}

// throughCalibration turns a gradient with respect to the calibrated row into that with respect to the row.
func (t *target) throughCalibration(to []float64) {
	c := t.Calibration
	if c == nil {
		return
	}
	shared := 0.0 // of the gradient, which the mean passes on to each column
	for k, p := range c.Pool {
		shared += p * to[k] / float64(len(to))
		to[k] *= 1 - p
	}
	for k := range to {
		if to[k] += shared; c.Scale != nil {
			to[k] *= c.Scale[k]
		}
	}
}

// combined returns the value of the mean prediction of several networks, whose values are given, and its slopes with respect to them, in
// place of the values. Values of tasks and classes are log-odds f: their probabilities p have the mean P, whose log-odds have the
// slopes p(1-p) / (n P(1-P)).
func (t *target) combined(values []float64) float64 {
	n := float64(len(values))
	if t.Loss.Link != graphs.Sigmoid && t.Loss.Link != graphs.Softmax {
		sum := 0.0
		for k, v := range values {
			sum += v
			values[k] = 1 / n
		}
		return sum / n
	}
	if len(values) == 1 {
		f := values[0]
		values[0] = 1
		return f
	}
	yes, no := make([]float64, len(values)), make([]float64, len(values)) // logarithms of p and 1-p
	for k, f := range values {
		yes[k], no[k] = -softplus(-f), -softplus(f)
	}
	logYes, logNo := logMean(yes), logMean(no)
	for k := range values {
		values[k] = math.Exp(yes[k]+no[k]-logYes-logNo) / n
	}
	return logYes - logNo
}

// softplus is log(1 + exp(x)).
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logMean is the logarithm of the mean of exponentials.
func logMean(x []float64) float64 {
	most, sum := slices.Max(x), 0.0
	for _, v := range x {
		sum += math.Exp(v - most)
	}
	return most + math.Log(sum/float64(len(x)))
}
