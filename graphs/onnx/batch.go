package onnx

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A model takes any number of rows, but a graph has a fixed one. Comparing the graphs for one row and for twinRows shows which sizes are
// those of the batch.
const twinRows = 3

// twin holds for each node of the graph for one row that of the graph for twinRows.
type twin struct {
	nodes map[*G.Node]*G.Node
	err   error
}

func newTwin(g *graphs.Graph, net *graphs.Network) *twin {
	t := &twin{nodes: map[*G.Node]*G.Node{}}
	other, err := net.Build(net.Config(graphs.Evaluate, twinRows).Unlabelled())
	if err != nil {
		t.err = errors.Wrapf(err, "for %d rows", twinRows)
		return t
	}
	for i, o := range g.Outputs {
		if !t.pair(o.Node, other.Outputs[i].Node) {
			t.err = errors.Errorf("the network has other ops for %d rows than for one", twinRows)
		}
	}
	return t
}

// pair walks through both graphs at once. It returns false if they differ.
func (t *twin) pair(a, b *G.Node) bool {
	if have, ok := t.nodes[a]; ok {
		return have == b
	}
	t.nodes[a] = b
	as, bs := children(a), children(b)
	if len(as) != len(bs) || (a.Op() == nil) != (b.Op() == nil) {
		return false
	}
	for i, child := range as {
		if !t.pair(child, bs[i]) {
			return false
		}
	}
	return true
}

// axis returns the axis of n whose size is the number of rows, or a multiple of it, and -1 if there is none.
func (t *twin) axis(n *G.Node) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	other := t.nodes[n]
	if other == nil || other.Dims() != n.Dims() {
		return 0, errors.Errorf("shape %v for one row has no counterpart for %d rows", n.Shape(), twinRows)
	}
	axis, one, many := -1, n.Shape(), other.Shape()
	for i, d := range one {
		switch {
		case many[i] == d:
		case axis >= 0 || many[i] != twinRows*d:
			return 0, errors.Errorf("shape %v for one row and %v for %d rows: only one size may grow with the rows", one, many, twinRows)
		default:
			axis = i
		}
	}
	return axis, nil
}

// BatchAxis returns the axis of input i that holds the rows of the batch, whose size is 1 in Shapes but open in the model; if other sizes are
// multiplied with it, it is the axis of the product. It is -1 if the input has none. An op that moves, joins or adds elements along that axis
// must keep it open, or return an error.
func (c *Call) BatchAxis(i int) (int, error) {
	if c == nil || c.e == nil || i < 0 || i >= len(c.nodes) {
		return 0, errors.Errorf("there is no input %d", i)
	}
	return c.axis(c.nodes[i])
}

// Output returns the shape of the output for a batch of one row, and its batch axis as BatchAxis does.
func (c *Call) Output() (shape tensor.Shape, batchAxis int, err error) {
	if c == nil || c.e == nil || c.node == nil {
		return nil, 0, errors.New("there is no output")
	}
	axis, err := c.axis(c.node)
	return c.node.Shape().Clone(), axis, err
}

func (c *Call) axis(n *G.Node) (int, error) {
	if !c.e.depends(n) {
		return -1, nil
	}
	if c.e.twin == nil {
		c.e.twin = newTwin(c.e.graph, c.e.net)
	}
	return c.e.twin.axis(n)
}
