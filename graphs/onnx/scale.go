package onnx

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// checkScaling returns an error unless s scales the given number of columns, with numbers that float32 can represent.
func checkScaling(s batch.Scaling, cols int) error {
	if len(s.Mean) != cols || len(s.SD) != cols {
		return errors.Errorf("%d means and %d standard deviations for %d columns", len(s.Mean), len(s.SD), cols)
	}
	for j, sd := range s.SD {
		if mean := s.Mean[j]; !(sd >= 0) || sd > math.MaxFloat32 || !(math.Abs(mean) <= math.MaxFloat32) ||
			sd > 0 && 1/sd > math.MaxFloat32 {
			return errors.Errorf("column %d has mean %v and standard deviation %v", j, mean, sd)
		}
	}
	return nil
}

// scale adds the nodes of the scaling and returns the name of the scaled input.
func (e *exporter) scale(x string, steps []batch.Scaling) string {
	if len(steps) == 0 {
		return x
	}
	c := &Call{name: "scale", e: e}
	bad := c.Add("Or", []string{c.Add("IsNaN", []string{x}), c.Add("IsInf", []string{x})})
	x = c.Add("Where", []string{bad, c.Constant([]float32{0}), x})
	for _, s := range steps {
		x = addScaling(c, s, x)
	}
	return x
}

func addScaling(c *Call, s batch.Scaling, x string) string {
	cols := len(s.Mean)
	mean, rest, factor := make([]float32, cols), make([]float32, cols), make([]float32, cols)
	for j, m := range s.Mean {
		mean[j] = float32(m)
		if s.SD[j] > 0 {
			rest[j] = float32(m - float64(mean[j]))
			factor[j] = float32(1 / s.SD[j])
		}
	}
	x = c.Add("Sub", []string{x, c.Constant(mean, cols)})
	// The part of a mean that float32 cannot represent is subtracted in a second step. It matters for a column such as a
	// year, whose mean is many standard deviations.
	x = c.Add("Sub", []string{x, c.Constant(rest, cols)})
	x = c.Add("Mul", []string{x, c.Constant(factor, cols)})
	if s.Tanh {
		x = c.Add("Tanh", []string{x})
	}
	return x
}
