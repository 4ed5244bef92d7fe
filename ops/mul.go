package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Mul is the elementwise (Hadamard) product x y. The shapes are broadcast as in numpy (see [BroadcastShape]). It is not the product of
// matrices, which is [MatMul]; in Gorgonia, Mul is the product of matrices and HadamardProd the elementwise one.
func Mul(x, y *G.Node) (*G.Node, error) { return Apply(mulDef(broadcastingOf(x, y)), x, y) }

// MulDef is the op of [Mul], as a step of a gradient.
func MulDef() Def { return mulDef(broadcasting{true, true}) }

func mulDef(repeated broadcasting) Def {
	return arithmetic("Mul", kernel.Product, func() (g Gradient) {
		x := g.sumLike(repeated, g.add(MulDef(), Upstream, Input(1)), 0)
		y := g.sumLike(repeated, g.add(MulDef(), Upstream, Input(0)), 1)
		g.Of = []int{x, y}
		return g
	})
}
