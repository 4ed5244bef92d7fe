package loss

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// MAE is the mean absolute error, the weighted mean of |x - y| over the elements. Where x = y its slope is 0. Inputs,
// weights and errors are those of [MSE].
func MAE(x, y, weights *G.Node) (*G.Node, error) { return mae.apply(x, y, weights) }

var mae = regression("MAE", nil, math.Abs, sign)

// sign is -1, 0 or 1, or NaN.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
