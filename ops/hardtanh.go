package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var hardTanh = Elementwise{
	Name:   "HardTanh",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.HardTanh[float32], GradAt: kernel.HardTanhGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.HardTanh[float64], GradAt: kernel.HardTanhGrad[float64]},
}

// HardTanh is min(max(x, -1), 1), elementwise. The slope is 1 for -1 < x < 1 and 0 elsewhere, at the kinks -1 and 1 too. x has any shape.
func HardTanh(x *G.Node) (*G.Node, error) { return hardTanh.Apply(x) }
