package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ErrNoFixedPoint is the cause of the error for moments that grow without bound, or do not settle within 2000 layers.
var ErrNoFixedPoint = errors.New("no fixed point is reached")

// FixedPoint holds the moments at which a deep network of equal layers settles.
type FixedPoint struct {
	Moments
	// Jacobian is the Jacobian of the map at the fixed point. It is NaN at variance 0, where it need not exist.
	Jacobian Jacobian
	// Rate is the factor by which each layer multiplies small deviations: the spectral radius of the Jacobian. At variance 0
	// it is the factor of the last layer.
	Rate float64
}

// Attracting reports whether moments close to the fixed point approach it, which means that Rate is below 1.
// A layer can also keep mean and variance without attracting them, as ReLU does with He weights.
func (f FixedPoint) Attracting() bool { return f.Rate < 1 }

// LayersPerDigit is the number of layers after which a small deviation is ten times smaller, infinite if it does not shrink.
func (f FixedPoint) LayersPerDigit() float64 {
	if f.Rate < 1 {
		return -1 / math.Log10(f.Rate)
	}
	return math.Inf(1)
}

const (
	maxLayers  = 2000
	newtonStep = 32    // layers between trials of Newton's method
	vanished   = 1e-30 // a variance below this that still shrinks while the mean stays the same goes to 0
)

// FixedPoint returns the fixed point that a network of equal layers approaches from start. It iterates the map and finds the last digits
// with Newton's method. It returns an error with cause [ErrNoFixedPoint] if the moments diverge or converge too slowly.
func (l Layer) FixedPoint(start Moments) (FixedPoint, error) { return l.settle(start, maxLayers) }

// settle is FixedPoint with another bound for the number of layers.
func (l Layer) settle(start Moments, layers int) (FixedPoint, error) {
	if err := start.check("the network's input"); err != nil {
		return FixedPoint{}, err
	}
	if _, err := l.input(start); err != nil {
		return FixedPoint{}, err
	}
	at := start
	for i := range layers {
		next, err := l.Map(at)
		if err != nil {
			return FixedPoint{}, l.diverges(i, at, err)
		}
		change := next.distance(at)
		switch {
		case next.Variance < vanished && next.Variance <= at.Variance && change <= math.Sqrt(vanished):
			return vanishing(at, next), nil
		case change <= 4e-16*(math.Abs(next.Mean)+next.Variance):
			return l.fixedAt(next)
		}
		at = next
		if i%newtonStep == newtonStep-1 {
			if f, ok := l.newton(at, change); ok {
				return f, nil
			}
		}
	}
	return FixedPoint{}, errors.Wrapf(ErrNoFixedPoint, "theory: from mean %v and variance %v in %d layers; the last have mean %v and variance %v",
		start.Mean, start.Variance, layers, at.Mean, at.Variance)
}

func (l Layer) diverges(layer int, at Moments, err error) error {
	if at.Variance < 1e100 && math.Abs(at.Mean) < 1e100 {
		return errors.Wrapf(err, "theory: layer %d", layer+1)
	}
	return errors.Wrapf(ErrNoFixedPoint, "theory: the moments grow without bound: mean %v and variance %v at layer %d", at.Mean, at.Variance, layer)
}

func (l Layer) fixedAt(m Moments) (FixedPoint, error) {
	j, err := l.Jacobian(m)
	return FixedPoint{m, j, j.Radius()}, err
}

// vanishing returns the fixed point of variance 0 next to the image of before.
func vanishing(before, after Moments) FixedPoint {
	nan := math.NaN()
	f := FixedPoint{Moments{Mean: after.Mean}, Jacobian{{nan, nan}, {nan, nan}}, 0}
	if before.Variance > 0 {
		f.Rate = after.Variance / before.Variance
	}
	if math.Abs(after.Mean) <= math.Sqrt(vanished) {
		f.Mean = 0
		if before.Mean*before.Mean > 1e-6*before.Variance { // a smaller one is rounding
			f.Rate = math.Max(f.Rate, math.Abs(after.Mean/before.Mean))
		}
	}
	return f
}

// newton looks for an attracting fixed point from m, where the last layer made the given change. It must be as close as the
// rate of convergence there predicts, so that the iteration would reach the same one.
func (l Layer) newton(m Moments, change float64) (FixedPoint, bool) {
	x := m
	for range 20 {
		g, err := l.Map(x)
		if err != nil {
			return FixedPoint{}, false
		}
		j, err := l.Jacobian(x)
		if err != nil {
			return FixedPoint{}, false
		}
		// x + d with (1 - J) d = g(x) - x
		a, b, c, d := 1-j[0][0], -j[0][1], -j[1][0], 1-j[1][1]
		det := a*d - b*c
		r, s := g.Mean-x.Mean, g.Variance-x.Variance
		next := Moments{x.Mean + (d*r-b*s)/det, x.Variance + (a*s-c*r)/det}
		if !finite(next.Mean, next.Variance) || next.Variance <= 0 {
			return FixedPoint{}, false
		}
		step := next.distance(x)
		x = next
		if step <= 1e-14*(math.Abs(x.Mean)+x.Variance) {
			f, err := l.fixedAt(x)
			return f, err == nil && f.Attracting() && x.distance(m) <= 2*change/(1-f.Rate)
		}
	}
	return FixedPoint{}, false
}
