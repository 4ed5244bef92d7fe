package optim

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Parameter returns a parameter and its gradient for Apply, from the nodes of a graph that a tape machine has run: p is an input, grad what
// gorgonia.Grad returns for it. Reading the gradient's own node saves two passes over all weights, which gorgonia.BindDualValues takes. A
// row-sparse gradient is known by its rows, see ops.RowsOf, so that the optimizer updates no others.
func Parameter(p, grad *G.Node) G.ValueGrad { return parameter{p, grad} }

type parameter struct{ value, grad *G.Node }

var _ RowGrad = parameter{}

func valueOfNode(n *G.Node) G.Value {
	if n == nil {
		return nil
	}
	return n.Value()
}

func (p parameter) Value() G.Value         { return valueOfNode(p.value) }
func (p parameter) Grad() (G.Value, error) { return valueOfNode(p.grad), nil }

func (p parameter) Rows() []int {
	rows, _ := ops.RowsOf(p.grad)
	return rows
}
