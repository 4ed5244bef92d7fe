package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Div is the elementwise quotient x / y. The shapes are broadcast as in numpy (see [BroadcastShape]). Division by 0 gives an infinity or NaN
// as in IEEE 754, in the value and in the gradient.
func Div(x, y *G.Node) (*G.Node, error) { return Apply(divDef(broadcastingOf(x, y)), x, y) }

// DivDef is the op of [Div], as a step of a gradient.
func DivDef() Def { return divDef(broadcasting{true, true}) }

func divDef(repeated broadcasting) Def {
	return arithmetic("Div", kernel.Quotient, func() (g Gradient) {
		quotient := g.add(DivDef(), Upstream, Input(1))
		// d(x / y)/dy = -(x / y) / y
		negative := g.add(ScaleDef(-1), Result(g.add(MulDef(), Result(quotient), Output)))
		x := g.sumLike(repeated, quotient, 0)
		g.Of = []int{x, g.sumLike(repeated, negative, 1)}
		return g
	})
}
