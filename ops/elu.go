package ops

import (
	"math"

	G "gorgonia.org/gorgonia"
)

var elu = Elementwise{
	Name: "ELU",
	F: func(x float64) float64 {
		if x > 0 {
			return x
		}
		return math.Expm1(x)
	},
	Slope: func(x, y float64) float64 {
		if x > 0 {
			return 1
		}
		return y + 1
	},
}

// ELU is the exponential linear unit, elementwise: x for x > 0, e^x - 1 for x <= 0 (Clevert et al. 2016, with alpha 1).
// x has any shape.
func ELU(x *G.Node) (*G.Node, error) { return elu.Apply(x) }
