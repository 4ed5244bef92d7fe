package ops

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The index of a graph follows the graph: it looks at each new node once, and at all again after one has been removed.
func TestNodeIndex(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName("x"))
	check := func(what string) {
		t.Helper()
		byHash, n := nodesByHash(g), 0
		for hash, nodes := range byHash {
			for _, node := range nodes {
				if n++; node.Hashcode() != hash || node.Graph() != g {
					t.Errorf("%s: node %v has the hash %x, want %x", what, node, node.Hashcode(), hash)
				}
			}
		}
		if all := g.AllNodes(); n != len(all) || indexOf(g).seen != n {
			t.Errorf("%s: %d nodes in the index, %d in the graph", what, n, len(all))
		}
	}
	check("one node")
	var nodes []*G.Node
	for y := x; len(nodes) < 5; nodes = append(nodes, y) {
		var err error
		if y, err = ReLU(y); err != nil {
			t.Fatal(err)
		}
		check("a node more")
	}
	g.RemoveNode(nodes[4])
	check("the last removed")
	g.RemoveNode(nodes[1])
	if _, err := Tanh(x); err != nil {
		t.Fatal(err)
	}
	check("one removed, another added")
	if again, err := ReLU(x); err != nil || again != nodes[0] {
		t.Errorf("the same op is %v (%v), want the node %v", again, err, nodes[0])
	}
}
