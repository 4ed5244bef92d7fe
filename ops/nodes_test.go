package ops

import (
	"runtime"
	"slices"
	"testing"
	"weak"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The index of a graph follows the graph: it looks at each new node once, and at all again after one has been removed.
func TestNodeIndex(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName("x"))
	check := func(what string) {
		t.Helper()
		all := g.AllNodes()
		for _, node := range all {
			if same := withHash(g, node.Hashcode()); !slices.Contains(same, node) {
				t.Errorf("%s: the nodes with the hash of %v are %v", what, node, same)
			}
		}
		n := 0
		for _, positions := range indexOf(g).byHash {
			n += len(positions)
		}
		if n != len(all) {
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

// The index does not keep a graph alive.
func TestNodeIndexIsWeak(t *testing.T) {
	made := func() weak.Pointer[G.ExprGraph] {
		g := G.NewGraph()
		if _, err := ReLU(G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName("x"))); err != nil {
			t.Fatal(err)
		}
		return weak.Make(g)
	}()
	for range 3 {
		runtime.GC()
	}
	if made.Value() != nil {
		t.Error("a graph that nobody uses is still there")
	}
}
