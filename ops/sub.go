package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Sub is the elementwise difference x - y. The shapes are broadcast as in numpy (see [BroadcastShape]). Unlike Gorgonia's Sub it never
// overwrites an input.
func Sub(x, y *G.Node) (*G.Node, error) { return Apply(subDef(broadcastingOf(x, y)), x, y) }

// SubDef is the op of [Sub], as a step of a gradient.
func SubDef() Def { return subDef(broadcasting{true, true}) }

func subDef(repeated broadcasting) Def {
	return arithmetic("Sub", kernel.Difference, func() (g Gradient) {
		x := g.sumLike(repeated, PassUpstream, 0)
		negative := g.add(ScaleDef(-1), Upstream)
		g.Of = []int{x, g.sumLike(repeated, negative, 1)}
		return g
	})
}
