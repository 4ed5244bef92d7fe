package ops

import G "gorgonia.org/gorgonia"

// OnRun makes f be called with the output after each run of the op of n, in the order of the calls of OnRun, before any other op runs.
// An error of f becomes that of the op. It returns false, and f is never called, if n has no op of this package.
// It must not be called while the graph runs.
func OnRun(n *G.Node, f func(output G.Value) error) bool {
	o, ok := n.Op().(interface{ addOnRun(func(G.Value) error) })
	if ok {
		o.addOnRun(f)
	}
	return ok
}

func (o *op[T]) addOnRun(f func(G.Value) error) { o.onRun = append(o.onRun, f) }
