package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// protect adds copies of the nodes that are read after a run and that an op of Gorgonia computes or reads: the tape machine gives such
// an op the memory of an operand that nobody needs any more, so that the value of a node may be gone at the end of the run.
func (g *Graph) protect(full *G.ExprGraph) error {
	readers := map[graph.Node][]*G.Node{}
	foreign := false
	for _, n := range full.AllNodes() {
		if n.Op() == nil {
			continue
		}
		foreign = foreign || !ours(n)
		for _, child := range graph.NodesOf(full.From(n.ID())) {
			readers[child] = append(readers[child], n)
		}
	}
	if !foreign {
		return nil
	}
	unsafe := func(n *G.Node) bool {
		if n.Op() != nil && !ours(n) {
			return true
		}
		for _, r := range readers[n] {
			if !ours(r) {
				return true
			}
		}
		return false
	}
	for _, n := range g.read() {
		if g.copies[n] != nil || !unsafe(n) {
			continue
		}
		c, err := ops.Copy(n)
		if err != nil {
			return errors.Wrapf(err, "copy of %s", n.Name())
		}
		g.copies[n] = c
	}
	if g.Cost != nil && g.copies[g.Cost] != nil {
		g.Cost = g.copies[g.Cost]
	}
	for i, grad := range g.Grads {
		if grad != nil && g.copies[grad] != nil {
			g.Grads[i] = g.copies[grad]
		}
	}
	return nil
}

// read returns the nodes whose values are of interest after a run.
func (g *Graph) read() []*G.Node {
	nodes := []*G.Node{g.X, g.Output}
	if g.Cost != nil {
		nodes = append(nodes, g.Cost)
	}
	for _, grad := range g.Grads {
		if grad != nil {
			nodes = append(nodes, grad)
		}
	}
	for _, l := range g.Layers {
		for _, n := range []*G.Node{l.Output, l.PreActivation, l.Weight} {
			if n != nil {
				nodes = append(nodes, n)
			}
		}
	}
	return nodes
}

// ours reports whether the op of n is of package ops, whose outputs nothing of that package overwrites.
func ours(n *G.Node) bool {
	_, ok := ops.DefOf(n)
	return ok
}

// Value returns the value of a node of the graph after the last run: of the input, the output, the loss, a gradient, or the
// output, pre-activations or weight of a layer. It is right whatever Gorgonia ops the network and the loss are made of, where n.Value()
// may have been overwritten by one of them. The next run overwrites it. It is nil before the first run.
func (g *Graph) Value(n *G.Node) G.Value {
	if g == nil || n == nil {
		return nil
	}
	if c := g.copies[n]; c != nil {
		return c.Value()
	}
	return n.Value()
}

// dependsOn reports whether n is computed from another node.
func dependsOn(g *G.ExprGraph, n, from *G.Node) bool {
	seen := map[graph.Node]bool{}
	var visit func(n graph.Node) bool
	visit = func(n graph.Node) bool {
		if n == graph.Node(from) {
			return true
		}
		if seen[n] {
			return false
		}
		seen[n] = true
		for _, child := range graph.NodesOf(g.From(n.ID())) {
			if visit(child) {
				return true
			}
		}
		return false
	}
	return visit(n)
}
