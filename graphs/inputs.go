package graphs

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// shapeOf is the shape of the node of an input for a number of rows.
func shapeOf(in Input, rows int) tensor.Shape {
	switch in.Kind {
	case batch.Category:
		return tensor.Shape{rows}
	case batch.Image:
		return append(tensor.Shape{rows}, in.Shape...)
	}
	return tensor.Shape{rows, in.Width}
}

func input(g *G.ExprGraph, dtype tensor.Dtype, name string, shape tensor.Shape) *G.Node {
	return G.NewTensor(g, dtype, len(shape), G.WithName(name), G.WithShape(shape...))
}

// bindable returns the nodes that take values before a run: the inputs, then labels and weights, nil without a loss.
func (g *Graph) bindable() []*G.Node {
	nodes := slices.Clone(g.Inputs)
	for _, o := range g.Outputs {
		nodes = append(nodes, o.Labels, o.Weights)
	}
	return nodes
}

// isSparse reports whether node i of bindable is a sparse input.
func (g *Graph) isSparse(i int) bool {
	return i < len(g.config.Inputs) && g.config.Inputs[i].Kind == batch.Sparse
}

// bindInputs gives the inputs their tensors.
func (g *Graph) bindInputs() error {
	for i, n := range g.bindable() {
		if n == nil || g.isSparse(i) {
			continue
		}
		if err := G.Let(n, tensor.New(tensor.Of(n.Dtype()), tensor.WithShape(n.Shape().Clone()...))); err != nil {
			return errors.Wrapf(err, "input %s", n.Name())
		}
	}
	return nil
}
