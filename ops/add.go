package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Add is the elementwise sum x + y. The shapes are broadcast as in numpy (see [BroadcastShape]): y may be a row, a column or a scalar, and
// so may x. Unlike Gorgonia's Add it never overwrites an input.
func Add(x, y *G.Node) (*G.Node, error) { return Apply(addDef(broadcastingOf(x, y)), x, y) }

// AddDef is the op of [Add], as a step of a gradient.
func AddDef() Def { return addDef(broadcasting{true, true}) }

func addDef(repeated broadcasting) Def {
	return arithmetic("Add", kernel.Sum, func() (g Gradient) {
		g.Of = []int{g.sumLike(repeated, PassUpstream, 0), g.sumLike(repeated, PassUpstream, 1)}
		return g
	})
}
