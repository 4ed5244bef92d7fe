package explain_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/explain"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// matrix returns one row.
func matrix(x ...float64) train.Matrix {
	return train.Matrix{X: tensor.New(tensor.WithShape(1, len(x)), tensor.WithBacking(slices.Clone(x)))}
}

func explained(t testing.TB, o explain.Options, d train.Data, row int, target explain.Target, nets ...*graphs.Network) *explain.Explanation {
	t.Helper()
	e, err := explain.New(o, nets...)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	x, err := e.Explain(context.Background(), d, row, target)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// complete fails the test unless the contributions add up to the difference of the values.
func complete(t testing.TB, x *explain.Explanation, tolerance float64) {
	t.Helper()
	change := x.Value - x.Baseline
	if r := x.Sum() - change; math.Abs(r) > tolerance*max(1, math.Abs(change)) || math.Abs(r-x.Residual) > 1e-12 {
		t.Errorf("contributions add up to %v, the output changes by %v (residual %v)", x.Sum(), change, x.Residual)
	}
}

// The contributions of a linear network are the weights times the differences from the baseline, in both dtypes and for any links
// that are linear.
func TestLinear(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, loss := range []graphs.Loss{graphs.MSE, graphs.BCE, graphs.MultiMargin} {
			net := traintest.Network(t, nn.Dense{Units: 3}, 4, loss, 1, graphs.Dtype(dtype))
			w := net.Params.Get("weight").Value
			rapid.Check(t, func(r *rapid.T) {
				x := rapid.SliceOfN(rapid.Float64Range(-9, 9), 4, 4).Draw(r, "x")
				b := rapid.SliceOfN(rapid.Float64Range(-9, 9), 4, 4).Draw(r, "baseline")
				k := rapid.IntRange(0, 2).Draw(r, "column")
				got := explained(t, explain.Options{Baseline: [][]float64{b}}, matrix(x...), 0, explain.Target{Column: k}, net)
				complete(t, got, 1e-5)
				for j, v := range got.Inputs[0].Values {
					weight, _ := w.At(j, k)
					want := toFloat(weight) * (x[j] - b[j])
					if math.Abs(v-want) > 1e-5*max(1, math.Abs(want)) {
						r.Fatalf("%v %s: contribution %d is %v, want %v", dtype, loss.Name, j, v, want)
					}
				}
			})
		}
	}
}

func toFloat(v any) float64 {
	if x, ok := v.(float32); ok {
		return float64(x)
	}
	return v.(float64)
}

// Symmetric columns with equal elements have equal contributions, and a column that does not matter has none.
func TestSymmetryAndDummy(t *testing.T) {
	net := traintest.Network(t, graphs.SNN{Layers: 3, Units: 16, Outputs: 2}, 3, graphs.CrossEntropy, 4, graphs.Dtype(tensor.Float64))
	w := net.Params.All()[0].Value.Float64s()
	units := len(w) / 3
	copy(w[units:2*units], w[:units]) // columns 0 and 1
	clear(w[2*units:])
	x := explained(t, explain.Options{}, matrix(1.5, 1.5, 7), 0, explain.Target{Column: 1}, net)
	v := x.Inputs[0].Values
	if math.Abs(v[0]-v[1]) > 1e-12 || v[2] != 0 || v[0] == 0 {
		t.Errorf("contributions %v", v)
	}
	complete(t, x, 1e-3)
}

// Contributions add up for all networks of the paper, links and dtypes, and the values are those of predictions.
func TestCompleteness(t *testing.T) {
	layers := []nn.Layer{
		graphs.SNN{Layers: 6, Units: 24, Outputs: 3}, graphs.MSRAinit{Layers: 3, Units: 24, Outputs: 3}, graphs.BatchNorm{Layers: 2, Units: 24, Outputs: 3},
		graphs.LayerNorm{Layers: 2, Units: 24, Outputs: 3}, graphs.WeightNorm{Layers: 2, Units: 24, Outputs: 3}, graphs.Highway{Layers: 3, Units: 24, Outputs: 3},
		graphs.ResNet{Hidden: graphs.Hidden{Layers: 4, Units: 24, Outputs: 3}},
	}
	d := traintest.OneBatch(6, 10)
	for i, layer := range layers {
		for k, loss := range []graphs.Loss{graphs.CrossEntropy, graphs.BCE, graphs.MSE} {
			dtype := tensor.Float32
			if (i+k)%2 == 0 {
				dtype = tensor.Float64
			}
			net := traintest.Network(t, layer, 10, loss, 7, graphs.Dtype(dtype))
			net.Outputs[0].Calibration = &graphs.Calibration{Scale: []float64{0.5, 2, 1.5}, Pool: []float64{0.2, 0.3, 0}, Shift: []float64{1, -1, 0}}
			p, err := train.Predict(context.Background(), net, d)
			if err != nil {
				t.Fatal(err)
			}
			for row := range 2 {
				x := explained(t, explain.Options{}, d, row, explain.Target{Column: 1}, net)
				complete(t, x, 1e-3)
				want := p.Row(row)[1]
				if loss.Link != graphs.Identity {
					want = math.Log(want / (1 - want))
				}
				if math.Abs(x.Value-want) > 1e-4*max(1, math.Abs(want)) {
					t.Errorf("%T, %s: value %v, want %v", layer, loss.Name, x.Value, want)
				}
			}
		}
	}
}

// A smaller tolerance takes more points, and is kept.
func TestTolerance(t *testing.T) {
	net := traintest.Network(t, graphs.SNN{Layers: 8, Units: 8, Outputs: 3}, 2, graphs.CrossEntropy, 3, graphs.Dtype(tensor.Float64))
	d := matrix(40, -70)
	few := explained(t, explain.Options{Tolerance: 0.1}, d, 0, explain.Target{}, net)
	many := explained(t, explain.Options{Tolerance: 1e-5}, d, 0, explain.Target{}, net)
	complete(t, few, 0.1)
	complete(t, many, 1e-5)
	if many.Points <= few.Points {
		t.Errorf("%d points for a small tolerance, %d for a large one", many.Points, few.Points)
	}
	e, err := explain.New(explain.Options{Tolerance: 1e-15, MaxPoints: 200}, net)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Explain(context.Background(), d, 0, explain.Target{}); err == nil || !strings.Contains(err.Error(), "more points") {
		t.Errorf("error %v", err)
	}
}

// The explanation of an ensemble is that of its mean prediction; for a regression it is the mean of the explanations. Any number of
// threads gives the same bits.
func TestEnsemble(t *testing.T) {
	d := traintest.OneBatch(3, 10)
	w := kernel.NewWorkers(3)
	defer w.Close()
	for _, loss := range []graphs.Loss{graphs.MSE, graphs.BCE, graphs.CrossEntropy} {
		var nets []*graphs.Network
		mean := make([]float64, 10)
		for seed := range uint64(3) {
			net := traintest.Network(t, graphs.SNN{Layers: 3, Units: 24, Outputs: 3}, 10, loss, seed)
			nets = append(nets, net)
			for j, v := range explained(t, explain.Options{}, d, 1, explain.Target{Column: 2}, net).Inputs[0].Values {
				mean[j] += v / 3
			}
		}
		x := explained(t, explain.Options{Workers: kernel.Shared()}, d, 1, explain.Target{Column: 2}, nets...)
		complete(t, x, 1e-3)
		p, err := train.Ensemble(nets).Predict(context.Background(), d, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := p.Row(1)[2]
		if loss.Link != graphs.Identity {
			want = math.Log(want / (1 - want))
		}
		if math.Abs(x.Value-want) > 1e-5 {
			t.Errorf("%s: value %v, want %v", loss.Name, x.Value, want)
		}
		for j, v := range x.Inputs[0].Values {
			if loss.Link == graphs.Identity && math.Abs(v-mean[j]) > 1e-3 {
				t.Errorf("contribution %d is %v, want %v", j, v, mean[j])
			}
		}
		again := explained(t, explain.Options{Workers: w}, d, 1, explain.Target{Column: 2}, nets...)
		if !slices.Equal(again.Inputs[0].Values, x.Inputs[0].Values) {
			t.Errorf("%s: other bits with three threads", loss.Name)
		}
	}
}

// The log-odds of a mean are right for the surest networks.
func TestSure(t *testing.T) {
	d := matrix(900, -800)
	a, b := traintest.Network(t, nn.Dense{Units: 2}, 2, graphs.BCE, 1, graphs.Dtype(tensor.Float64)), traintest.Network(t, nn.Dense{Units: 2}, 2, graphs.BCE, 2, graphs.Dtype(tensor.Float64))
	for k := range 2 {
		complete(t, explained(t, explain.Options{}, d, 0, explain.Target{Column: k}, a, b), 1e-3)
	}
}

// Goroutines may share an explainer.
func TestConcurrent(t *testing.T) {
	e, err := explain.New(explain.Options{}, traintest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	d := traintest.Rows()
	want, err := e.Explain(context.Background(), d, 3, explain.Target{})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, err := e.Explain(context.Background(), d, 3, explain.Target{})
			if err != nil || !slices.Equal(got.Inputs[0].Values, want.Inputs[0].Values) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	group.Wait()
}

// A network with several inputs and outputs: the category stays that of the row, and has no contributions.
func TestSeveral(t *testing.T) {
	net, d := traintest.NewBranches(t), traintest.Houses(9, 1)
	for _, target := range []explain.Target{{Column: 1}, {Output: "kind", Column: 1}, {Output: "price"}} {
		x := explained(t, explain.Options{Baseline: [][]float64{{1, 0, -1}, nil}}, d, 4, target, net)
		complete(t, x, 1e-3)
		if len(x.Inputs) != 2 || len(x.Inputs[0].Values) != 3 || len(x.Inputs[1].Values) != 0 || x.Inputs[1].Input != "town" {
			t.Errorf("%+v", x.Inputs)
		}
	}
}

// Sparse rows have the contributions of the same rows in dense form.
func TestSparse(t *testing.T) {
	features, err := datasets.NewSparse(50, []int{0, 3, 5}, []int32{1, 20, 49, 0, 20}, []float32{1, -2, 0.5, 3, 1})
	if err != nil {
		t.Fatal(err)
	}
	set := &datasets.Set{Name: "sparse", Features: features, Tasks: []string{"a"}, Labels: []float32{0, 1}, Sparse: true}
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 8, Outputs: 1}, set.Inputs(), graphs.BCE, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	thick := *set
	thick.Sparse = false
	same := *net
	same.Inputs = thick.Inputs()
	got := explained(t, explain.Options{}, set, 0, explain.Target{}, net)
	want := explained(t, explain.Options{}, &thick, 0, explain.Target{}, &same)
	complete(t, got, 1e-3)
	for j, v := range got.Inputs[0].Values {
		if zero := j != 1 && j != 20 && j != 49; math.Abs(v-want.Inputs[0].Values[j]) > 1e-6 || (v == 0) != zero {
			t.Errorf("contribution %d is %v, want %v", j, v, want.Inputs[0].Values[j])
		}
	}
}

// The elements of an image are its columns.
func TestImages(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	pixels := make([]float64, 3*2*5*6)
	for i := range pixels {
		pixels[i] = r.NormFloat64()
	}
	d := train.Matrix{X: tensor.New(tensor.WithShape(3, 2, 5, 6), tensor.WithBacking(pixels))}
	layer := nn.Sequential{nn.Conv2D{Filters: 4, Size: 3, Padding: 1, Activation: ops.SELU}, nn.MaxPool2D{Size: 2}, nn.Flatten{}, nn.Dense{Units: 3}}
	net, err := graphs.New(layer, d.Inputs(), graphs.CrossEntropy, graphs.Dtype(tensor.Float64), graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	x := explained(t, explain.Options{}, d, 2, explain.Target{Column: 1}, net)
	complete(t, x, 1e-3)
	if len(x.Inputs[0].Values) != 60 || !slices.Equal(x.Inputs[0].Row, pixels[120:]) {
		t.Errorf("%d contributions", len(x.Inputs[0].Values))
	}
}

// A layer of Gorgonia's ops, which may overwrite their operands.
func TestGorgoniaOps(t *testing.T) {
	cube := nn.Sequential{nn.Dense{Units: 4}, nn.Func(func(x *G.Node) (*G.Node, error) { return G.Cube(x) }), nn.Dense{Units: 1}}
	x := explained(t, explain.Options{}, matrix(1, 2, -1), 0, explain.Target{}, traintest.Network(t, cube, 3, graphs.MSE, 1, graphs.Dtype(tensor.Float64)))
	complete(t, x, 1e-10) // exact for a polynomial
}

func TestErrors(t *testing.T) {
	net := traintest.New(t)
	for say, o := range map[string]explain.Options{
		"tolerance":            {Tolerance: math.NaN()},
		"points":               {MaxPoints: 3},
		"baseline of 2 inputs": {Baseline: make([][]float64, 2)},
		"baseline of 3 column": {Baseline: [][]float64{{1, 2, 3}}},
		"has the element NaN":  {Baseline: [][]float64{{1, math.NaN()}}},
	} {
		if _, err := explain.New(o, net); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
	if _, err := explain.New(explain.Options{}, net, traintest.NewBranches(t)); err == nil || !strings.Contains(err.Error(), "network 1") {
		t.Error(err)
	}
	e, err := explain.New(explain.Options{}, net)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for say, f := range map[string]func() error{
		"row 99":     func() error { _, err := e.Explain(ctx, traintest.Rows(), 99, explain.Target{}); return err },
		"column 3":   func() error { _, err := e.Explain(ctx, traintest.Rows(), 0, explain.Target{Column: 3}); return err },
		"output":     func() error { _, err := e.Explain(ctx, traintest.Rows(), 0, explain.Target{Output: "z"}); return err },
		"columns":    func() error { _, err := e.Explain(ctx, matrix(1, 2, 3), 0, explain.Target{}); return err },
		"not finite": func() error { _, err := e.Explain(ctx, matrix(math.Inf(1), 2), 0, explain.Target{}); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := e.Explain(ended, traintest.Rows(), 0, explain.Target{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
