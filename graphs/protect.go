package graphs

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// protect keeps Gorgonia's ops from overwriting values that are needed later. The tape machine lets an elementwise op write to the
// memory of an operand that no later instruction reads. That is wrong in two cases:
//   - the value is read after the run: the output, an activation, a gradient;
//   - its memory is also that of another node, since some ops, such as a reshape, return a view of their input. The other node may be
//     a parameter, which would be overwritten.
//
// In these cases protect adds a later instruction that reads the operand: a node of op keep.
func (g *Graph) protect(full *G.ExprGraph) error {
	views := sharing(full)
	read := map[*G.Node]bool{}
	for _, n := range g.read() {
		read[n] = true
	}
	for _, n := range full.AllNodes() {
		operand := overwritten(n)
		if operand == nil || !read[operand] && !views[operand] {
			continue
		}
		kept, err := G.ApplyOp(keep{operand, n}, operand, n)
		if err != nil {
			return errors.Wrapf(err, "keeping %v from being overwritten by %v", operand, n)
		}
		g.kept = append(g.kept, kept)
	}
	return nil
}

// overwritten returns the operand whose memory the machine may give to the result of n, or nil.
func overwritten(n *G.Node) *G.Node {
	if n.Op() == nil || ours(n) || n.IsScalar() || n.Op().CallsExtern() {
		return nil
	}
	children := childrenOf(n)
	if i := n.Op().OverwritesInput(); i >= 0 && i < len(children) && !children[i].IsScalar() {
		return children[i]
	}
	return nil
}

// fresh holds the types of the most frequent Gorgonia ops that never return a view of an operand.
var fresh = map[string]bool{"gorgonia.elemBinOp": true, "gorgonia.elemUnaryOp": true, "gorgonia.linAlgBinOp": true}

// sharing returns the nodes that may share their memory with another: the operands and the result of an op that may return a view.
func sharing(full *G.ExprGraph) map[*G.Node]bool {
	shared := map[*G.Node]bool{}
	for _, n := range full.AllNodes() {
		if n.Op() == nil || n.IsScalar() || ours(n) || fresh[fmt.Sprintf("%T", n.Op())] {
			continue
		}
		shared[n] = true
		for _, child := range childrenOf(n) {
			shared[child] = true
		}
	}
	return shared
}

// read returns the nodes whose values may be read after a run.
func (g *Graph) read() []*G.Node {
	nodes := slices.Concat(g.bindable(), []*G.Node{g.Cost}, g.Grads, g.InputGrads)
	for _, o := range g.Outputs {
		nodes = append(nodes, o.Node, o.Cost)
	}
	for _, l := range g.Layers {
		nodes = append(nodes, l.Output, l.PreActivation, l.Weight)
	}
	if g.config.LayerGradients {
		nodes = append(nodes, g.layerGradients()...)
	}
	return nodes
}

// ours reports whether the op of n is from package ops. Those ops overwrite nothing and return no views.
func ours(n *G.Node) bool {
	_, ok := ops.DefOf(n)
	return ok
}

// Value returns the value of a node after the last run: of the input, the output, the loss, a gradient, or the output, pre-activations
// or weight of a layer. For other nodes it may be overwritten by a Gorgonia op. The next run overwrites it. It is nil before the
// first run.
func (g *Graph) Value(n *G.Node) G.Value {
	if g == nil || n == nil {
		return nil
	}
	return n.Value()
}

// childrenOf returns the operands of a node, in order.
func childrenOf(n *G.Node) []*G.Node {
	var children []*G.Node
	for _, child := range graph.NodesOf(n.Graph().From(n.ID())) {
		if c, ok := child.(*G.Node); ok {
			children = append(children, c)
		}
	}
	return children
}

// dependencies returns the nodes from which n is computed, including n.
func dependencies(n *G.Node) map[*G.Node]bool {
	seen := map[*G.Node]bool{}
	for open := []*G.Node{n}; len(open) > 0; {
		n, open = open[len(open)-1], open[:len(open)-1]
		if !seen[n] {
			seen[n] = true
			open = append(open, childrenOf(n)...)
		}
	}
	return seen
}
