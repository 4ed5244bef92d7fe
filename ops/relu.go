package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var relu = Elementwise{
	Name: "ReLU",
	ID:   own{},
	F: func(x float64) float64 {
		if x < 0 {
			return 0
		}
		return x
	},
	Slope: func(x, y float64) float64 {
		switch {
		case x > 0:
			return 1
		case x <= 0:
			return 0
		}
		return x // NaN
	},
	Fast32: &Loops[float32]{F: kernel.ReLU[float32], Grad: kernel.ReLUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.ReLU[float64], Grad: kernel.ReLUGrad[float64]},
}

// ReLU is the rectified linear unit max(x, 0), elementwise. At x = 0 its slope is 0. x has any shape.
func ReLU(x *G.Node) (*G.Node, error) { return relu.Apply(x) }
