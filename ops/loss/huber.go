package loss

import (
	"math"

	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// Huber is the weighted mean over the elements of r^2 / 2 for |r| <= delta and delta (|r| - delta/2) beyond, where
// r = x - y (Huber 1964). delta is a positive number. Inputs, weights and errors are those of [MSE].
func Huber(x, y, weights *G.Node, delta float64) (*G.Node, error) {
	if !(delta > 0 && delta <= math.MaxFloat64) {
		return nil, errors.Errorf("Huber: delta %v is not a positive number", delta)
	}
	value := func(r float64) float64 {
		if a := math.Abs(r); a > delta {
			return delta * (a - delta/2)
		}
		return r * r / 2
	}
	slope := func(r float64) float64 {
		if math.Abs(r) > delta {
			return delta * sign(r)
		}
		return r
	}
	return regression("Huber", []any{delta}, value, slope).apply(x, y, weights)
}
