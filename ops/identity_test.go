package ops_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// scaled is an activation named "SELU" that multiplies.
func scaled(factor float64) *ops.Elementwise {
	return &ops.Elementwise{
		Name:  "SELU",
		F:     func(x float64) float64 { return factor * x },
		Slope: func(_, _ float64) float64 { return factor },
	}
}

// Ops of one name on one input keep their own values and gradients.
func TestNamesakes(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 1, 2, []float64{1, 2})
	reused := ops.Elementwise{}
	var out, up []*G.Node
	for i, apply := range []func(*G.Node) (*G.Node, error){
		ops.SELU,
		scaled(2).Apply,
		scaled(3).Apply,
		func(x *G.Node) (*G.Node, error) { reused = *scaled(4); return reused.Apply(x) },
		func(x *G.Node) (*G.Node, error) { reused = *scaled(5); return reused.Apply(x) },
	} {
		node, err := apply(x)
		out = append(out, must(t, node, err))
		up = append(up, matrixOf(g, fmt.Sprint("up", i), 1, 2, []float64{1, 1}))
	}
	var grads G.Nodes
	for i := range out {
		grad, err := out[i].Op().(G.SDOp).SymDiff(G.Nodes{x}, out[i], up[i])
		if err != nil {
			t.Fatal(err)
		}
		grads = append(grads, grad[0])
	}
	runGraph(t, g)
	for i, want := range []float64{1.0507009873554804934193349852946, 2, 3, 4, 5} {
		if got := out[i].Value().Data().([]float64)[0]; got != want {
			t.Errorf("op %d: %v, want %v", i, got, want)
		}
		if got := grads[i].Value().Data().([]float64)[0]; got != want {
			t.Errorf("gradient of op %d: %v, want %v", i, got, want)
		}
	}
}

// defOf returns an op with the given identity and attributes.
func defOf(id any, attrs ...any) ops.Def {
	return ops.Def{
		Name: "Op", ID: id, Attrs: attrs,
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float64: func(c *ops.Call[float64]) error { copy(c.Out, c.In[0]); return nil },
	}
}

// Ops are one node if their author says that they are equal, and only then.
func TestIdentity(t *testing.T) {
	type number int
	x := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})
	apply := func(id any, attrs ...any) *G.Node {
		node, err := ops.Apply(defOf(id, attrs...), x)
		return must(t, node, err)
	}
	e := scaled(2)
	for name, pair := range map[string]func() (*G.Node, *G.Node){
		"ID":          func() (*G.Node, *G.Node) { return apply("a"), apply("a") },
		"attributes":  func() (*G.Node, *G.Node) { return apply("a", []string{"b"}, 2.5), apply("a", []string{"b"}, 2.5) },
		"Elementwise": func() (*G.Node, *G.Node) { return G.Must(e.Apply(x)), G.Must(e.Apply(x)) },
		"built-in":    func() (*G.Node, *G.Node) { return G.Must(ops.SELU(x)), G.Must(ops.SELU(x)) },
	} {
		if a, b := pair(); a != b {
			t.Errorf("%s: equal ops are two nodes", name)
		}
	}
	different := []*G.Node{
		apply(nil), apply(nil), apply("a"), apply("b"), apply(1), apply(1.0), apply(number(1)),
		apply("a", "a b"), apply("a", "a", "b"), apply("a", []string{"a b"}), apply("a", []string{"a", "b"}), apply("a", `a" "b`),
		apply("a", 1), apply("a", "1"), apply("a", 1.0), apply("a", float32(1)), apply("a", number(1)), apply("a", 2), apply("a", 2.0),
		apply("a", nil), apply("a", true), apply("a", "true"), apply("a", []any{1}), apply("a", []int{1}), apply("a", [1]int{1}),
		apply("a", 0.0), apply("a", math.Copysign(0, -1)),
		G.Must(e.Apply(x)), G.Must(scaled(2).Apply(x)), G.Must(ops.SELU(x)), G.Must(ops.Copy(x)), G.Must(ops.Copy(x)),
	}
	for i, a := range different {
		for k, b := range different[:i] {
			if a == b {
				t.Errorf("ops %d and %d are one node", k, i)
			}
		}
	}
	for _, def := range []ops.Def{defOf([]int{1}), defOf(nil, struct{}{}), defOf(nil, func() {}), defOf(nil, []any{x})} {
		if _, err := ops.Apply(def, x); err == nil || !strings.Contains(err.Error(), "Op: ") {
			t.Errorf("ID %v, attributes %v: error %v, want one that names the op", def.ID, def.Attrs, err)
		}
	}
}

// A string shows what is the same in every process.
func TestStrings(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 2, 1, []float64{1, 2})
	v := G.NewVector(g, tensor.Float64, G.WithName("v"), G.WithShape(1))
	for range 2 {
		vector := func() *tensor.Dense { return tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1})) }
		for want, n := range map[string]*G.Node{
			"BatchNorm[0.25]": G.Must(ops.BatchNorm(x, v, v, 0.25, ops.NewRunning(vector(), vector(), 0.1))),
			"Dropout[0.5 7]":  G.Must(ops.Dropout(x, 0.5, ops.NewNoise(7))),
			"Op[1]":           G.Must(ops.Apply(defOf(new(int), 1), x)),
			"SELU":            G.Must(ops.SELU(x)),
		} {
			if got := n.Op().String(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

// Gorgonia takes inputs for one whose names have one hash of 32 bits. An op that would be wrong for that is refused.
func TestInputCollision(t *testing.T) {
	g := G.NewGraph()
	seen := map[uint32]string{}
	for i := range 1 << 20 {
		name := fmt.Sprintf("x%x", uint64(i)*0x9e3779b97f4a7c15)
		h := fnv.New32a()
		fmt.Fprintf(h, "%v%v%s\x00", G.TensorType{Dims: 2, Of: tensor.Float64}, tensor.Shape{1, 1}, name)
		other, ok := seen[h.Sum32()]
		if seen[h.Sum32()] = name; !ok {
			continue
		}
		a, b := matrixOf(g, other, 1, 1, []float64{1}), matrixOf(g, name, 1, 1, []float64{2})
		if a.Hashcode() != b.Hashcode() {
			t.Fatalf("inputs %s and %s have the hashes %x and %x: this test does not know how Gorgonia makes them", other, name, a.Hashcode(), b.Hashcode())
		}
		if _, err := ops.ReLU(a); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one that names %s", err, name)
		}
		return
	}
	t.Fatal("no two names of one hash")
}
