package ops

import G "gorgonia.org/gorgonia"

// DefOf returns the definition of the op whose result n is. It returns false for an input and for an op that was not made
// by [Apply]. Programs that read graphs, such as an exporter, tell ops apart by its Name and Attrs.
func DefOf(n *G.Node) (Def, bool) {
	if o, ok := n.Op().(interface{ definition() Def }); ok {
		return o.definition(), true
	}
	return Def{}, false
}

func (o *op[T]) definition() Def { return o.def }
