package onnx

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// checkScaling returns an error unless s scales the given number of columns, with numbers that float32 can represent.
func checkScaling(s batch.Scaling, cols int) error {
	if len(s.Mean) != cols || len(s.SD) != cols {
		return errors.Errorf("%d means and %d standard deviations for %d columns", len(s.Mean), len(s.SD), cols)
	}
	if s.Clip != nil && len(s.Clip) != cols {
		return errors.Errorf("%d columns to clip or not, want %d", len(s.Clip), cols)
	}
	if s.Low != nil && len(s.Low) != cols || s.High != nil && len(s.High) != cols {
		return errors.Errorf("%d lower and %d upper limits, want %d or none", len(s.Low), len(s.High), cols)
	}
	for j := range cols {
		if low, high := limit(s.Low, j, -1), limit(s.High, j, 1); !(low <= high) {
			return errors.Errorf("column %d has the limits %v and %v", j, low, high)
		}
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
	x = addLimits(c, s, x)
	x = c.Add("Sub", []string{x, c.Constant(mean, cols)})
	// The part of a mean that float32 cannot represent is subtracted in a second step. It matters for a column such as a
	// year, whose mean is many standard deviations.
	x = c.Add("Sub", []string{x, c.Constant(rest, cols)})
	x = c.Add("Mul", []string{x, c.Constant(factor, cols)})
	if s.Tanh {
		x = c.Add("Tanh", []string{x})
	}
	if slices.Contains(s.Clip, true) {
		x = addClip(c, s.Clip, x)
	}
	return x
}

// limit returns a limit of column j: the largest float32 of that sign if there is none.
func limit(limits []float64, j int, sign float64) float64 {
	if limits == nil {
		return sign * math.MaxFloat32
	}
	return math.Max(-math.MaxFloat32, math.Min(math.MaxFloat32, limits[j]))
}

// addLimits adds the limits of the columns, if there are any.
func addLimits(c *Call, s batch.Scaling, x string) string {
	for _, side := range []struct {
		op     string
		limits []float64
		sign   float64
	}{{"Max", s.Low, -1}, {"Min", s.High, 1}} {
		bounded := func(v float64) bool { return math.Abs(v) <= math.MaxFloat32 }
		if !slices.ContainsFunc(side.limits, bounded) {
			continue
		}
		values := make([]float32, len(side.limits))
		for j := range values {
			values[j] = float32(limit(side.limits, j, side.sign))
		}
		x = c.Add(side.op, []string{x, c.Constant(values, len(values))})
	}
	return x
}

// addClip adds the smooth clip x / sqrt(1 + (x/3)^2) of some columns. The others have the factor 0 in place of 1/3.
func addClip(c *Call, clip []bool, x string) string {
	third := make([]float32, len(clip))
	for j, clipped := range clip {
		if clipped {
			third[j] = 1.0 / batch.ClipLimit
		}
	}
	// Divided by m = max(1, |x/3|) first, nothing is too large for float32: (x/m) / sqrt((1/m)^2 + (x/3/m)^2).
	most := float32(math.MaxFloat32)
	x = c.Add("Max", []string{c.Add("Min", []string{x, c.Constant([]float32{most})}), c.Constant([]float32{-most})})
	size := c.Add("Abs", []string{c.Add("Mul", []string{x, c.Constant(third, len(third))})})
	one := c.Constant([]float32{1})
	m := c.Add("Max", []string{size, one})
	square := func(y string) string {
		y = c.Add("Div", []string{y, m})
		return c.Add("Mul", []string{y, y})
	}
	root := c.Add("Sqrt", []string{c.Add("Add", []string{square(one), square(size)})})
	return c.Add("Div", []string{c.Add("Div", []string{x, m}), root})
}
