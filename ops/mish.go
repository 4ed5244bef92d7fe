package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var mish = Elementwise{
	Name:   "Mish",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.Mish[float32], GradAt: kernel.MishGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.Mish[float64], GradAt: kernel.MishGrad[float64]},
}

// Mish is x tanh(log(1 + e^x)), elementwise (Misra 2019, Eq. 1), without overflow or cancellation. It is smooth and has its least value, -0.309, at
// x = -1.192. x has any shape.
func Mish(x *G.Node) (*G.Node, error) { return mish.Apply(x) }
