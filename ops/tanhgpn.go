package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var tanhGPN = Elementwise{
	Name:   "TanhGPN",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.TanhGPN[float32], Grad: kernel.TanhGPNGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.TanhGPN[float64], Grad: kernel.TanhGPNGrad[float64]},
}

// TanhGPN is a tanh(x) + b, elementwise, with a = 1.4674 and b = 0.3885: the Gaussian-Poincaré normalized tanh of bidirectionally self-normalizing
// networks (Lu et al. 2020, arXiv 2006.12169). For a standard normal x the mean square of the result is 1, and so is that of the slope, so in a wide
// network with weights of variance 1/fan-in, or orthogonal ones, neither activations nor gradients grow or vanish with depth. x has any shape.
func TanhGPN(x *G.Node) (*G.Node, error) { return tanhGPN.Apply(x) }
