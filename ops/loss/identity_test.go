package loss_test

import (
	"fmt"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A loss on the same inputs is the same node if its settings are the same, and only then. Its gradient is one node as well.
func TestIdentity(t *testing.T) {
	for _, l := range samples {
		g := G.NewGraph()
		labels, perLabel := l.shapes()
		node := func(name string, shape tensor.Shape) *G.Node {
			return G.NewTensor(g, tensor.Float64, shape.Dims(), G.WithName(name), G.WithShape(shape...))
		}
		x, y, w := node("x", tensor.Shape{4, 3}), node("y", labels), node("w", perLabel)
		cost := G.Must(l.apply(x, y, w))
		if G.Must(l.apply(x, y, w)) != cost {
			t.Errorf("%v: equal losses are two nodes", cost.Op())
		}
		if G.Must(l.apply(x, y, nil)) == cost || G.Must(l.apply(node("x2", tensor.Shape{4, 3}), y, w)) == cost {
			t.Errorf("%v: losses of different inputs are one node", cost.Op())
		}
		up := G.NewScalar(g, tensor.Float64, G.WithName("up"))
		var grads [2]*G.Node
		for i := range grads {
			all, err := cost.Op().(G.SDOp).SymDiff(G.Nodes{x, y, w}, cost, up)
			if err != nil {
				t.Fatal(err)
			}
			grads[i] = all[0]
		}
		if grads[0] != grads[1] {
			t.Errorf("%v: the gradient is two nodes", cost.Op())
		}
		theirs, err := ops.Apply(ops.Def{
			Name: l.name, Shape: ops.ScalarOf(nil), Float64: func(*ops.Call[float64]) error { return nil },
		}, x, y, w)
		if must(t, theirs, err) == cost {
			t.Errorf("%v: another package's loss of that name is the same node", cost.Op())
		}
	}
}

// The string of a loss is its name with its settings, which summaries and exporters show.
func TestStrings(t *testing.T) {
	g := G.NewGraph()
	x, y := matrixOf(g, "x", 4, 3, anyLabels), matrixOf(g, "y", 4, 3, targets)
	c := G.NewVector(g, tensor.Float64, G.WithName("c"), G.WithShape(4))
	smooth := loss.CrossEntropyOptions{ClassWeights: classWeight, Smoothing: 0.1}
	for want, n := range map[string]*G.Node{
		"MSE":                         G.Must(loss.MSE(x, y, nil)),
		"Huber[0.5]":                  G.Must(loss.Huber(x, y, nil, 0.5)),
		"BCE":                         G.Must(loss.BCE(x, y, nil, nil)),
		"BCE[[2 0.5 3]]":              G.Must(loss.BCE(x, y, nil, posWeight)),
		"CrossEntropy":                G.Must(loss.CrossEntropy(x, c, nil, loss.CrossEntropyOptions{})),
		"CrossEntropy[[0.5 2 1] 0.1]": G.Must(loss.CrossEntropy(x, c, nil, smooth)),
	} {
		def, ok := ops.DefOf(n)
		if got := n.Op().String(); got != want || !ok || want[:len(def.Name)] != def.Name {
			t.Errorf("%s with the definition %s, want %s", got, fmt.Sprint(def.Name, def.Attrs), want)
		}
	}
}
