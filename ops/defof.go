package ops

import G "gorgonia.org/gorgonia"

// DefOf returns the definition of the op of n. It returns false for nil, for an input and for an op from another package. Programs that
// read graphs, such as an exporter, recognize an op by its Name and Attrs.
func DefOf(n *G.Node) (Def, bool) {
	if n == nil {
		return Def{}, false
	}
	if o, ok := n.Op().(interface{ definition() Def }); ok {
		return o.definition(), true
	}
	return Def{}, false
}

func (o *op[T]) definition() Def { return o.def }
