package graphs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pictured has activations of every sort.
var pictured = nn.Sequential{
	nn.Dense{Units: 4, Activation: ops.SELU},
	nn.Dense{Units: 4},
	nn.Func(ops.GELU),
	nn.PReLU{},
	nn.Dense{Units: 4, Activation: nn.FixedPoint{Lambda: 1.1, Alpha: 1.5, Variance: 1}.SELU},
	nn.AlphaDropout{Rate: 0.1},
	nn.Dense{Units: 3, Activation: func(x *G.Node) (*G.Node, error) { // two ops
		y, err := G.Cube(x)
		if err != nil {
			return nil, err
		}
		return ops.Tanh(y)
	}},
	nn.Highway{},
	nn.Residual{Layer: nn.Dense{Units: 3}, Activation: ops.ReLU},
	nn.WeightNorm{Units: 2, Activation: ops.Softplus},
}

// A summary names the activation of each layer, in the order in which the ops run.
func TestSummaryShowsActivations(t *testing.T) {
	for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
		g := build(t, pictured, newParams(t, tensor.Float32), graphs.Config{Mode: mode, Batch: 3, Inputs: graphs.Matrix(5), Loss: graphs.BCE})
		kinds := map[string]string{}
		for _, line := range strings.Split(g.Summary(), "\n")[1:] {
			if name, rest, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
				kind, _, _ := strings.Cut(strings.TrimSpace(rest), "  ")
				kinds[name] = kind
			}
		}
		for name, want := range map[string]string{
			"dense1": "Dense, SELU", "dense2": "Dense", "func1": "GELU", "prelu1": "PReLU", "dense3": "Dense, SELUOf[1.1 1.5]", "alphadropout1": "AlphaDropout",
			"dense4": "Dense, cube, Tanh", "highway1": "Highway", "transform": "Dense, ReLU", "gate": "Dense, Sigmoid", "residual1": "Residual, ReLU",
			"weightnorm1": "WeightNorm, Softplus",
		} {
			if kinds[name] != want {
				t.Errorf("mode %v: %s is %q, want %q, in\n%s", mode, name, kinds[name], want, g.Summary())
			}
		}
	}
}

// A picture shows every node of the graph with its name and shape, and every edge, so activations, losses and the backward pass too.
func TestDotShowsAll(t *testing.T) {
	for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
		g := build(t, pictured, newParams(t, tensor.Float32), graphs.Config{Mode: mode, Batch: 3, Inputs: graphs.Matrix(5), Loss: graphs.BCE})
		dot := g.Dot()
		edges := 0
		for _, n := range g.G.AllNodes() {
			label := n.Name()
			if n.Op() != nil {
				label = n.Op().String()
			}
			if want := fmt.Sprintf("\tn%d [label=\"%s\\n%v\"", n.ID(), label, n.Shape()); !strings.Contains(dot, want) {
				t.Errorf("mode %v: no %q in\n%s", mode, want, dot)
			}
			edges += len(graph.NodesOf(g.G.From(n.ID())))
		}
		if got := strings.Count(dot, " -> "); got != edges {
			t.Errorf("mode %v: %d edges, want %d", mode, got, edges)
		}
		styled := func(label, style string) {
			t.Helper()
			for _, line := range strings.Split(dot, "\n") {
				if strings.Contains(line, `label="`+label+`\n`) && strings.Contains(line, style) {
					return
				}
			}
			t.Errorf("mode %v: no %s with %s in\n%s", mode, label, style, dot)
		}
		for _, activation := range []string{"SELU", "GELU", "SELUOf[1.1 1.5]", "Tanh", "ReLU", "Sigmoid"} {
			styled(activation, "fillcolor=\"#e6f2df\"")
		}
		styled("Softplus", "peripheries=2")
		styled("BCE", "peripheries=2")
		styled("x", "shape=box")
		if mode == graphs.Train {
			styled("GELUGrad", "style=dashed")
		}
	}
}

// Names that Graphviz would misread are escaped.
func TestDotEscapes(t *testing.T) {
	odd := ops.Elementwise{Name: "a\"b\\c\nd", F: func(x float64) float64 { return x }, Slope: func(_, _ float64) float64 { return 1 }}
	g := build(t, nn.Dense{Units: 2, Activation: odd.Apply}, newParams(t, tensor.Float32), graphs.Config{Batch: 3, Inputs: graphs.Matrix(5), Loss: graphs.MSE})
	if want := `label="a\"b\\c\nd\n(3, 2)"`; !strings.Contains(g.Dot(), want) {
		t.Errorf("no %s in\n%s", want, g.Dot())
	}
}
