package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var geluTanh = Elementwise{
	Name:   "GELUTanh",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.GELUTanh[float32], GradAt: kernel.GELUTanhGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.GELUTanh[float64], GradAt: kernel.GELUTanhGrad[float64]},
}

// GELUTanh approximates [GELU], to 5e-4, by x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), elementwise (Hendrycks and Gimpel 2016, section 2). Networks
// that were trained with it need it. x has any shape.
func GELUTanh(x *G.Node) (*G.Node, error) { return geluTanh.Apply(x) }
