package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var softplus = Elementwise{
	Name:   "Softplus",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.Softplus[float32], GradAt: kernel.SoftplusGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.Softplus[float64], GradAt: kernel.SoftplusGrad[float64]},
}

// Softplus is log(1 + e^x), elementwise, a smooth ReLU (Dugas et al. 2001): max(x, 0) + log1p(e^-|x|), which does not overflow. Its slope is the
// sigmoid. x has any shape. It is PyTorch's with beta 1; PyTorch returns x itself for x > 20.
func Softplus(x *G.Node) (*G.Node, error) { return softplus.Apply(x) }
