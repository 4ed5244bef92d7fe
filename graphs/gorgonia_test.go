package graphs_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// forward is a layer made of a function.
type forward func(b *nn.Binder, x *G.Node) (*G.Node, error)

func (f forward) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return f(b, x) }

// weight asks for a matrix or vector of parameters.
func weight(b *nn.Binder, name string, shape ...int) *G.Node {
	w, err := b.Param(name, nn.LeCunNormal, shape...)
	if err != nil {
		panic(err)
	}
	return w
}

// foreign are layers of 3 inputs and outputs made of Gorgonia's ops, which overwrite operands and return views of them.
func foreign() map[string]nn.Layer {
	reshape := func(x *G.Node, shape ...int) *G.Node { return G.Must(G.Reshape(x, shape)) }
	square := func(x *G.Node) *G.Node { return G.Must(G.Square(x)) }
	dense := nn.Dense{Units: 3, Activation: ops.SELU}
	return map[string]nn.Layer{
		"parameter minus constant": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			c := G.NewTensor(b.Graph(), tensor.Float64, 2, G.WithName("c"), G.WithShape(3, 3), G.WithValue(tensor.New(tensor.WithShape(3, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}))))
			return G.Mul(x, G.Must(G.Sub(weight(b, "w", 3, 3), c)))
		}),
		"square of a parameter": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) { return G.Mul(x, square(weight(b, "w", 3, 3))) }),
		"square of the input":   forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) { return ops.MatMul(square(x), weight(b, "w", 3, 3)) }),
		"view of a parameter": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(x, square(reshape(weight(b, "w", 9), 3, 3)))
		}),
		"view of the input": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(square(reshape(reshape(x, 12), 4, 3)), weight(b, "w", 3, 3))
		}),
		"view of an activation": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			h, err := b.Apply("inner", dense, x)
			if err != nil {
				return nil, err
			}
			flat := G.Must(G.Neg(reshape(h, 12)))
			return G.Add(h, reshape(flat, 4, 3))
		}),
		"transposed": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(x, square(G.Must(G.Transpose(weight(b, "w", 3, 3), 1, 0))))
		}),
		"slice of a parameter": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(x, square(G.Must(G.Slice(weight(b, "w", 4, 3), G.S(0, 3), nil))))
		}),
		"slice of the input": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(square(G.Must(G.Slice(x, nil, G.S(0, 2)))), weight(b, "w", 2, 3))
		}),
		"broadcast": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.BroadcastAdd(G.Must(G.Mul(x, weight(b, "w", 3, 3))), weight(b, "bias", 1, 3), nil, []byte{0})
		}),
		"concatenated": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.Mul(G.Must(G.Concat(1, x, G.Must(G.Tanh(x)))), weight(b, "w", 6, 3))
		}),
		"a parameter used twice": forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			w := weight(b, "w", 3, 3)
			return G.Mul(G.Must(G.Tanh(G.Must(G.Mul(x, w)))), w)
		}),
		"chain": nn.Sequential{
			dense, nn.Func(G.Square), nn.Func(G.Neg), nn.Dense{Units: 3, Activation: G.Tanh}, nn.AlphaDropout{}, nn.Func(G.Square), nn.Dense{Units: 3}, nn.Func(G.Neg),
		},
	}
}

// foreignLosses are mean squared errors made of Gorgonia's ops. Those that use the weights are marked.
var foreignLosses = []struct {
	loss     graphs.Loss
	weighted bool
}{
	{graphs.Loss{Name: "sub, square, mean", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		return G.Mean(G.Must(G.Square(G.Must(G.Sub(z, y)))))
	}}, false},
	{graphs.Loss{Name: "sub, hadamard, mean", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		d := G.Must(G.Sub(z, y))
		return G.Mean(G.Must(G.HadamardProd(d, d)))
	}}, false},
	{graphs.Loss{Name: "add, neg, square, mean", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		return G.Mean(G.Must(G.Square(G.Must(ops.Add(z, G.Must(G.Neg(y)))))))
	}}, false},
	{graphs.Loss{Name: "labels first", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		return G.Mean(G.Must(G.Square(G.Must(G.Sub(y, z)))))
	}}, false},
	{graphs.Loss{Name: "weighted", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		weighted := G.Must(G.HadamardProd(w, G.Must(G.Square(G.Must(G.Sub(z, y))))))
		return G.Div(G.Must(G.Sum(weighted)), G.Must(G.Sum(w)))
	}}, true},
	{graphs.Loss{Name: "in views", Apply: func(z, y, w *G.Node) (*G.Node, error) {
		n := tensor.Shape{z.Shape().TotalSize()}
		d := G.Must(G.Sub(G.Must(G.Reshape(z, n)), G.Must(G.Reshape(y, n))))
		return G.Mean(G.Must(G.Square(d)))
	}}, false},
}

// filled builds a graph and fills input and labels with normal numbers, and weights with 1.
func filled(t testing.TB, layer nn.Layer, params *nn.Params, mode graphs.Mode, loss graphs.Loss) *graphs.Graph {
	t.Helper()
	g := build(t, layer, params, graphs.Config{Mode: mode, Batch: 4, Inputs: graphs.Matrix(3), Loss: loss})
	for seed, n := range []*G.Node{g.X, g.Labels, g.Weights} {
		fillNormal(n, uint64(seed+1))
	}
	for i := range g.Weights.Value().(*tensor.Dense).Float64s() {
		g.Weights.Value().(*tensor.Dense).Float64s()[i] = 1
	}
	return g
}

// inputs returns copies of all values that a run must not change.
func inputs(g *graphs.Graph) [][]float64 {
	all := [][]float64{elements(g.X), elements(g.Labels), elements(g.Weights)}
	for _, p := range g.Params {
		all = append(all, elements(p.Node))
	}
	return all
}

// values returns copies of all values that may be read after a run.
func values(g *graphs.Graph) [][]float64 {
	all := [][]float64{elements(g.Output), {g.Value(g.Cost).Data().(float64)}}
	for _, grad := range g.Grads {
		all = append(all, elements(grad))
	}
	for _, l := range g.Layers {
		all = append(all, elements(l.Output))
	}
	return all
}

// Layers and losses of Gorgonia's ops overwrite neither parameters nor inputs, the cost is the mean squared error of the output that
// the graph shows, and gradients equal central differences; in a second run all values are the same.
func TestForeignOps(t *testing.T) {
	for name, layer := range foreign() {
		for _, l := range foreignLosses {
			for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
				params := newParams(t, tensor.Float64)
				g := filled(t, layer, params, mode, l.loss)
				before := inputs(g)
				m := G.NewTapeMachine(g.G)
				cost := func() float64 {
					m.Reset()
					if err := m.RunAll(); err != nil {
						t.Fatalf("%s, %s: %v", name, l.loss.Name, err)
					}
					return g.Value(g.Cost).Data().(float64)
				}
				cost()
				first := values(g)
				cost()
				if !slices.EqualFunc(values(g), first, slices.Equal) {
					t.Errorf("%s, %s, %v: a second run gives other values", name, l.loss.Name, mode)
				}
				if !slices.EqualFunc(inputs(g), before, slices.Equal) {
					t.Errorf("%s, %s, %v: parameters or inputs were overwritten", name, l.loss.Name, mode)
				}
				want := 0.0
				for i, z := range first[0] {
					want += math.Pow(z-before[1][i], 2) / float64(len(first[0]))
				}
				if got := first[1][0]; !(math.Abs(got-want) <= 1e-12*(1+want)) {
					t.Errorf("%s, %s, %v: the cost is %v, but that of the output %v", name, l.loss.Name, mode, got, want)
				}
				if g.Weighted != l.weighted {
					t.Errorf("%s, %s: Weighted is %v", name, l.loss.Name, g.Weighted)
				}
				for k := range g.Grads {
					checkGradient(t, name+", "+l.loss.Name, first[2+k], g.Params[k], cost)
				}
				m.Close()
			}
		}
	}
}

// checkGradient compares the gradient of a parameter with central differences of the cost.
func checkGradient(t *testing.T, name string, grad []float64, p nn.Bound, cost func() float64) {
	t.Helper()
	for k, w := range p.Value.Float64s() {
		const h = 1e-5
		p.Value.Float64s()[k] = w + h
		up := cost()
		p.Value.Float64s()[k] = w - h
		down := cost()
		p.Value.Float64s()[k] = w
		if want := (up - down) / (2 * h); !(math.Abs(grad[k]-want) <= 1e-7*(1+math.Abs(want))) {
			t.Errorf("%s: %s[%d] has the gradient %g, central difference %g", name, p.Name, k, grad[k], want)
		}
	}
}

// A loss of Gorgonia's ops gives the output, the cost and the gradients of graphs.MSE.
func TestForeignLossEqualsMSE(t *testing.T) {
	layer := nn.Sequential{nn.Dense{Units: 8, Activation: ops.SELU}, nn.Dense{Units: 3}}
	for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
		run := func(loss graphs.Loss) [][]float64 {
			g := filled(t, layer, newParams(t, tensor.Float64), mode, loss)
			run(t, g)
			return values(g)
		}
		want := run(graphs.MSE)
		for _, l := range foreignLosses {
			got := run(l.loss)
			if len(got) != len(want) {
				t.Fatalf("%s: %d values, want %d", l.loss.Name, len(got), len(want))
			}
			for i := range want {
				for k := range want[i] {
					if !(math.Abs(got[i][k]-want[i][k]) <= 1e-12) {
						t.Fatalf("%s, %v: value %d is %v, want %v", l.loss.Name, mode, i, got[i], want[i])
					}
				}
			}
		}
	}
}

// A network trained for a loss of Gorgonia's ops is the one trained for graphs.MSE, and is judged alike, during training and after it.
func TestForeignLossTrains(t *testing.T) {
	x, y := tensor.New(tensor.WithShape(40, 3), tensor.Of(tensor.Float64)), tensor.New(tensor.WithShape(40, 2), tensor.Of(tensor.Float64))
	for i := range x.Float64s() {
		x.Float64s()[i] = math.Sin(float64(i * i))
	}
	for i := range y.Float64s() {
		y.Float64s()[i] = x.Float64s()[i/2*3] * x.Float64s()[i/2*3+1+i%2]
	}
	data := train.Matrix{X: x, Y: y}
	judge := func(loss graphs.Loss, threads int) []float64 {
		net := newNet(t, graphs.SNN{Layers: 2, Units: 12, Outputs: 2}, 3, loss, graphs.Dtype(tensor.Float64))
		h, err := train.Fit(context.Background(), net, data, train.Config{Epochs: 20, Batch: 8, Threads: threads, Validation: data, Metric: metric.R2, Optimizer: optim.Adam{Rate: 0.01}, Warn: func(string) {}})
		if err != nil {
			t.Fatalf("%s: %v", loss.Name, err)
		}
		result, err := train.Evaluate(context.Background(), net, data)
		if err != nil {
			t.Fatalf("%s: %v", loss.Name, err)
		}
		r2, err := metric.R2.Compute(result)
		if err != nil || r2 < 0.2 {
			t.Fatalf("%s: R2 %v (%v)", loss.Name, r2, err)
		}
		return append(result.Values, h.Last().ValidationMetric, h.Last().ValidationLoss, result.Loss, r2)
	}
	want := judge(graphs.MSE, 1)
	for i, l := range foreignLosses {
		got := judge(l.loss, 1+i%2)
		for k := range want {
			if !(math.Abs(got[k]-want[k]) <= 1e-6) {
				t.Fatalf("%s: value %d is %v, want %v", l.loss.Name, k, got[k], want[k])
			}
		}
	}
}

// Layers whose output a Gorgonia op consumes keep the values that probes read.
func TestForeignLayersKeepActivations(t *testing.T) {
	net := nn.Sequential{
		nn.Dense{Units: 5, Activation: ops.SELU}, nn.Func(G.Square), nn.Func(G.Neg), nn.Dense{Units: 4, Activation: G.Tanh},
		nn.Func(G.Square), nn.Func(G.Neg), nn.Dense{Units: 3},
	}
	g := filled(t, net, newParams(t, tensor.Float64), graphs.Train, graphs.MSE)
	run(t, g)
	functions := map[string]func(x float64) float64{
		"func1": func(x float64) float64 { return x * x }, "func2": func(x float64) float64 { return -x },
		"func3": func(x float64) float64 { return x * x }, "func4": func(x float64) float64 { return -x },
	}
	found := 0
	for _, l := range g.Layers {
		in, out := elements(l.Input), elements(l.Output)
		switch f := functions[l.Name]; {
		case f != nil:
			found++
			for i, x := range in {
				if out[i] != f(x) {
					t.Errorf("%s: output %v of input %v", l.Name, out[i], x)
				}
			}
		case l.Kind == "Dense":
			found++
			checkDense(t, l, in)
		}
	}
	if found != 7 {
		t.Errorf("%d layers were checked, want 7", found)
	}
	for _, p := range g.Probes() {
		got, err := p.Read()
		if want := direct(p); err != nil || math.Abs(got.Variance-want.Variance) > 1e-12 || math.Abs(got.PreMean-want.PreMean) > 1e-12 {
			t.Errorf("%s: %+v (%v), want %+v", p.Name, got, err, want)
		}
	}
}

// checkDense compares the pre-activations of a Dense layer with input times weight; its bias is 0.
func checkDense(t *testing.T, l nn.Record, in []float64) {
	t.Helper()
	z, w, units := elements(l.PreActivation), elements(l.Weight), l.Weight.Shape()[1]
	inputs := l.Weight.Shape()[0]
	for i := range z {
		want := 0.0
		for k := range inputs {
			want += in[i/units*inputs+k] * w[k*units+i%units]
		}
		if !(math.Abs(z[i]-want) <= 1e-12) {
			t.Errorf("%s: pre-activation %d is %v, want %v", l.Name, i, z[i], want)
		}
	}
}

// Weighted is set by the losses that read the weights: all of this package, and those of a user that do.
func TestWeighted(t *testing.T) {
	for _, loss := range allLosses(t) {
		if loss.Total == nil { // a loss that a test registers
			continue
		}
		g := build(t, nn.Dense{Units: 3}, newParams(t, tensor.Float64), graphs.Config{Mode: graphs.Evaluate, Batch: 4, Inputs: graphs.Matrix(3), Loss: loss})
		if !g.Weighted {
			t.Errorf("%s: Weighted is false", loss.Name)
		}
	}
}

// The networks of the paper and the losses of the package need no protection: it costs memory and time in each step.
func TestOwnOpsNeedNoProtection(t *testing.T) {
	for _, name := range graphs.Names()[:7] {
		for _, loss := range []graphs.Loss{graphs.BCE, graphs.CrossEntropy, graphs.MSE} {
			layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 4, Profile: graphs.Conic, Outputs: 3, Dropout: 0.1})
			if err != nil {
				t.Fatal(err)
			}
			g := build(t, layer, newParams(t, tensor.Float32), graphs.Config{Batch: 4, Inputs: graphs.Matrix(3), Loss: loss})
			for _, n := range g.G.AllNodes() {
				if n.Op() != nil && n.Op().String() == "Keep" {
					t.Errorf("%s, %s: %v", name, loss.Name, n)
				}
			}
		}
	}
}
