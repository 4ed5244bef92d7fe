package train_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The zero EarlyStopping keeps the epoch with the lowest validation loss, and refuses a run without validation data.
func TestEarlyStoppingZeroValue(t *testing.T) {
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	held := spirals(200, 2)
	h := fit(t, net, spirals(400, 1), train.Config{Epochs: 25, Batch: 50, Validation: held, Optimizer: optim.Adam{Rate: 0.02},
		Callbacks: []train.Callback{&callback.EarlyStopping{}}})
	best := 0
	for i, e := range h.Epochs {
		if e.ValidationLoss < h.Epochs[best].ValidationLoss {
			best = i
		}
	}
	if h.Best != best+1 {
		t.Errorf("kept epoch %d, the lowest loss is that of epoch %d", h.Best, best+1)
	}
	if got := evaluate(t, net, held).Loss; got != h.Epochs[best].ValidationLoss {
		t.Errorf("loss %v of the kept network, %v in its epoch", got, h.Epochs[best].ValidationLoss)
	}
	_, err := train.Fit(context.Background(), net, spirals(400, 1), train.Config{Callbacks: []train.Callback{&callback.EarlyStopping{}}})
	if err == nil || !strings.Contains(err.Error(), "Config.Validation") {
		t.Errorf("without validation data: error %v", err)
	}
}

// ReduceOnPlateau leaves the rate of a run alone whose metric improves, in either direction and below zero.
func TestPlateauDirection(t *testing.T) {
	step := 0.0
	for name, m := range map[string]metric.Metric{
		"falling loss":      {Name: "made up", Lower: true, Func: func(*metric.Result) (float64, error) { step++; return 10 / step, nil }},
		"rising negative":   {Name: "made up", Func: func(*metric.Result) (float64, error) { step++; return -10 / step, nil }},
		"falling negative":  {Name: "made up", Lower: true, Func: func(*metric.Result) (float64, error) { step++; return -step, nil }},
		"rising past zero":  {Name: "made up", Func: func(*metric.Result) (float64, error) { step++; return step - 5.5, nil }},
		"falling past zero": {Name: "made up", Lower: true, Func: func(*metric.Result) (float64, error) { step++; return 5.5 - step, nil }},
	} {
		for _, worse := range []bool{false, true} {
			step = 0
			judge := m
			if worse {
				judge.Lower = !m.Lower
			}
			net := newNetwork(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 3}, 2, graphs.CrossEntropy, 1)
			h := fit(t, net, spirals(20, 1), train.Config{Epochs: 12, Validation: spirals(10, 2), Metric: judge,
				Callbacks: []train.Callback{&callback.ReduceOnPlateau{Patience: new(2)}}})
			reduced := h.Epochs[11].Rate < 1
			if reduced != worse {
				t.Errorf("%s, worse %v: rate factor %v", name, worse, h.Epochs[11].Rate)
			}
		}
	}
}

// Predicting never makes parameters: weights of another depth are an error that lists what is missing and surplus.
func TestForeignWeights(t *testing.T) {
	two := newNetwork(t, graphs.SNN{Layers: 2, Units: 8, Outputs: 3}, 2, graphs.CrossEntropy, 1)
	for layers, words := range map[int][]string{
		3: {"hidden3.dense1.weight", "missing"}, 1: {"hidden2.dense1.weight", "surplus"},
	} {
		_, err := graphs.New(graphs.SNN{Layers: layers, Units: 8, Outputs: 3}, graphs.Matrix(2), graphs.CrossEntropy, graphs.Weights(two.Params.Clone()))
		other := two.Clone()
		other.Layer = graphs.SNN{Layers: layers, Units: 8, Outputs: 3}
		_, predicting := train.Predict(context.Background(), other, spirals(10, 1))
		_, fitting := train.Fit(context.Background(), other, spirals(10, 1), train.Config{})
		for _, err := range []error{err, predicting, fitting} {
			for _, word := range words {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("%d layers: error %v, want one with %q", layers, err, word)
				}
			}
		}
	}
}

// A label of weight 0 has no say: a network that predicts a constant learns the mean of the others.
func TestWeightsCount(t *testing.T) {
	x := matrix(40, 1, func(int, int) float64 { return 1 })
	y := matrix(40, 1, func(i, _ int) float64 { return []float64{1, -100}[i%2] })
	w := matrix(40, 1, func(i, _ int) float64 { return float64(1 - i%2) })
	net := newNetwork(t, nn.Dense{Units: 1}, 1, graphs.MSE, 1)
	d := train.Matrix{X: x, Y: y, Weights: w}
	fit(t, net, d, train.Config{Epochs: 200, Batch: 10, Optimizer: optim.SGD{Rate: 0.1}})
	r := evaluate(t, net, d)
	if math.Abs(r.Values[0]-1) > 1e-3 || r.Loss > 1e-5 {
		t.Errorf("predicts %v with loss %v, want 1", r.Values[0], r.Loss)
	}
	// Class weights of rows: 3 to 1 gives the probability 0.75.
	classes := train.Matrix{X: x, Y: vector(40, func(i int) float64 { return float64(i % 2) }), Weights: vector(40, func(i int) float64 { return float64(1 + 2*(i%2)) })}
	net = newNetwork(t, nn.Dense{Units: 2}, 1, graphs.CrossEntropy, 1)
	fit(t, net, classes, train.Config{Epochs: 300, Batch: 40, Optimizer: optim.SGD{Rate: 1}})
	if r = evaluate(t, net, classes); math.Abs(r.Row(0)[1]-0.75) > 1e-3 {
		t.Errorf("probability %v, want 0.75", r.Row(0)[1])
	}
}

// The memory of a predictor does not grow with the numbers of rows that it is asked for, and its answers do not depend on them.
func TestPredictorBounded(t *testing.T) {
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	p, err := predict.New(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := spirals(1500, 1)
	want, err := p.Predict(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 1500; n += 37 {
		rows := make([]int, n)
		for i := range rows {
			rows[i] = (i*31 + n) % 1500
		}
		some, _ := train.Subset(all, rows)
		got, err := p.Predict(context.Background(), some)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			for j, v := range got.Row(i) {
				if v != want.Row(r)[j] {
					t.Fatalf("%d rows: row %d differs", n, r)
				}
			}
		}
	}
	if n := p.Graphs(); n > 24 {
		t.Errorf("%d graphs", n)
	}
}

// Two goroutines that share a predictor get right answers.
func TestPredictorShared(t *testing.T) {
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	p, err := predict.New(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := spirals(50, 1)
	want, err := p.Predict(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for g := range 4 {
		go func() {
			for k := range 40 {
				one, _ := train.Subset(d, []int{(g + k) % 50, (g * k) % 50})
				got, err := p.Predict(context.Background(), one)
				if err == nil && (got.Values[0] != want.Row((g + k) % 50)[0] || got.Values[5] != want.Row((g * k) % 50)[2]) {
					err = errors.New("a wrong answer")
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// Bad rows are named by their index in the data, with the true cause.
func TestBadRows(t *testing.T) {
	nan := math.NaN()
	x := matrix(100, 3, func(i, j int) float64 { return float64((i*j)%7) - 3 })
	bad := matrix(100, 3, func(i, j int) float64 { return map[bool]float64{true: nan}[i == 70 && j == 1] })
	y := func(f func(i int) float64) *tensor.Dense { return vector(100, f) }
	pair := func(v float64) *tensor.Dense {
		return matrix(100, 2, func(i, j int) float64 {
			if i == 70 && j == 1 {
				return v
			}
			return 1
		})
	}
	columnMajor := tensor.New(tensor.WithShape(100, 3), tensor.AsFortran(make([]float32, 300)))
	for name, c := range map[string]struct {
		d     train.Matrix
		loss  graphs.Loss
		words []string
	}{
		"class":            {train.Matrix{X: x, Y: y(func(i int) float64 { return float64(i / 70 * 2) })}, graphs.CrossEntropy, []string{"row 7", "class 2", "0 to 1"}},
		"fraction":         {train.Matrix{X: x, Y: y(func(i int) float64 { return float64(i/70) / 2 })}, graphs.CrossEntropy, []string{"row", "class 0.5"}},
		"target":           {train.Matrix{X: x, Y: pair(7)}, graphs.BCE, []string{"row 70", "column 1", "label 7"}},
		"infinite label":   {train.Matrix{X: x, Y: pair(math.Inf(1))}, graphs.MSE, []string{"row 70", "column 1", "+Inf"}},
		"weight":           {train.Matrix{X: x, Y: pair(1), Weights: pair(nan)}, graphs.MSE, []string{"row 70", "column 1", "weight NaN"}},
		"negative weight":  {train.Matrix{X: x, Y: pair(1), Weights: pair(-1)}, graphs.MSE, []string{"row 70", "weight -1"}},
		"feature":          {train.Matrix{X: bad, Y: pair(1)}, graphs.MSE, []string{"row 70", "NaN", "column 1"}},
		"too many labels":  {train.Matrix{X: x, Y: matrix(150, 2, func(int, int) float64 { return 0 })}, graphs.MSE, []string{"Y", "(150, 2)", "100 rows"}},
		"column-major":     {train.Matrix{X: columnMajor, Y: pair(1)}, graphs.MSE, []string{"X", "row-major"}},
		"labels of a kind": {train.Matrix{X: x, Y: pair(1)}, graphs.CrossEntropy, []string{"labels", "(100, 2)"}},
	} {
		net := newNetwork(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, 3, c.loss, 1)
		_, err := train.Fit(context.Background(), net, c.d, train.Config{Batch: 32, Warn: func(string) {}})
		for _, word := range c.words {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: error %v, want one with %q", name, err, word)
			}
		}
	}
	// A label that is NaN is a missing one.
	net := newNetwork(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, 3, graphs.MSE, 1)
	fit(t, net, train.Matrix{X: x, Y: pair(nan)}, train.Config{})
	if r := evaluate(t, net, train.Matrix{X: x, Y: pair(nan)}); r.Weights[141] != 0 || r.Weights[140] != 1 || math.IsNaN(r.Loss) {
		t.Errorf("weights %v and %v, loss %v", r.Weights[141], r.Weights[140], r.Loss)
	}
}

// layer is a layer made of a function.
type layer func(b *nn.Binder, x *G.Node) (*G.Node, error)

func (l layer) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return l(b, x) }

// panicking is data whose rows panic.
type panicking struct{ train.Matrix }

func (panicking) Gather([]int, *batch.Batch) error { panic("no such disk") }

// A panic anywhere is an error that names it: nothing hangs, and the next run works.
func TestPanics(t *testing.T) {
	d := spirals(60, 1)
	dense := nn.Dense{Units: 3}
	opThatPanics := ops.Def{
		Name:     "Explode",
		Shape:    func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32:  func(*ops.Call[float32]) error { panic("in a loop") },
		Float64:  func(*ops.Call[float64]) error { panic("in a loop") },
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.PassUpstream}} },
	}
	trains := 0
	for name, c := range map[string]struct {
		layer nn.Layer
		loss  graphs.Loss
		d     train.Data
		calls train.Callback
		words []string
	}{
		"layer": {layer: layer(func(b *nn.Binder, x *G.Node) (*G.Node, error) { panic("broken layer") }), words: []string{"broken layer", "cases_test.go"}},
		"layer in training": {layer: layer(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			if b.Training {
				panic("broken in training")
			}
			return dense.Forward(b, x)
		}), words: []string{"broken in training"}},
		"nil node":          {layer: nn.Sequential{layer(func(*nn.Binder, *G.Node) (*G.Node, error) { return nil, nil }), dense}, words: []string{"layer1", "no node"}},
		"loss":              {loss: graphs.Loss{Name: "mine", Apply: func(_, _, _ *G.Node) (*G.Node, error) { panic("broken loss") }}, words: []string{"mine", "broken loss"}},
		"nil loss":          {loss: graphs.Loss{Name: "mine", Apply: func(_, _, _ *G.Node) (*G.Node, error) { return nil, nil }}, words: []string{"mine", "no node"}},
		"op":                {layer: nn.Sequential{dense, nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Apply(opThatPanics, x) })}, words: []string{"Explode", "in a loop"}},
		"data":              {d: panicking{d}, words: []string{"no such disk", "data"}},
		"after an epoch":    {calls: atEpoch(func(*train.State) error { panic("broken callback") }), words: []string{"broken callback", "AfterEpoch", "AtEpoch"}},
		"before the update": {calls: beforeUpdate(func(*train.State) error { panic("broken callback") }), words: []string{"broken callback", "BeforeUpdate"}},
		"no callback":       {calls: 7, words: []string{"int", "AfterEpoch"}},
	} {
		for _, threads := range []int{1, 2} {
			if c.layer == nil {
				c.layer = dense
			}
			if c.loss.Name == "" {
				c.loss = graphs.CrossEntropy
			}
			if c.d == nil {
				c.d = d
			}
			var calls []train.Callback
			if c.calls != nil {
				calls = append(calls, c.calls)
			}
			err := inTime(t, name, func() error {
				net, err := graphs.New(c.layer, graphs.Matrix(2), c.loss)
				if err != nil {
					return err
				}
				trains++
				_, err = train.Fit(context.Background(), net, c.d, train.Config{Batch: 20, Threads: threads, Callbacks: calls, Warn: func(string) {}})
				return err
			})
			for _, word := range c.words {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("%s: error %.300v, want one with %q", name, err, word)
				}
			}
		}
	}
	if trains < 12 {
		t.Errorf("only %d runs came as far as Fit", trains)
	}
	fit(t, newNetwork(t, dense, 2, graphs.CrossEntropy, 1), d, train.Config{})
}

// inTime fails the test if f hangs.
func inTime(t *testing.T, name string, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		t.Fatalf("%s: it hangs", name)
		return nil
	}
}

// Your own loss, made of any Gorgonia ops, gives the same validation results as the built-in one.
func TestOwnLoss(t *testing.T) {
	x := matrix(90, 4, func(i, j int) float64 { return math.Sin(float64(i * (j + 2))) })
	y := matrix(90, 1, func(i, _ int) float64 { return math.Cos(float64(i * 3)) })
	held := train.Matrix{X: x, Y: y}
	losses := map[string]graphs.Loss{
		"sub": {Apply: func(o, y, _ *G.Node) (*G.Node, error) { return G.Mean(G.Must(G.Square(G.Must(G.Sub(o, y))))) }},
		"weighted": {Apply: func(o, y, w *G.Node) (*G.Node, error) {
			return G.Mean(G.Must(G.HadamardProd(G.Must(G.Square(G.Must(G.Sub(o, y)))), w)))
		}},
		"product": {Apply: func(o, y, _ *G.Node) (*G.Node, error) {
			d := G.Must(G.Sub(o, y))
			return G.Mean(G.Must(G.HadamardProd(d, d)))
		}},
		"mixed": {Apply: func(o, y, _ *G.Node) (*G.Node, error) {
			return G.Mean(G.Must(G.Square(G.Must(ops.Add(o, G.Must(G.Neg(y)))))))
		}},
	}
	run := func(l graphs.Loss, threads int) *train.History {
		net := newNetwork(t, nn.Sequential{nn.Dense{Units: 16, Activation: ops.SELU}, nn.Dense{Units: 1}}, 4, l, 1, graphs.Dtype(tensor.Float64))
		return fit(t, net, held, train.Config{Epochs: 8, Batch: 32, Threads: threads, Validation: held, Metric: metric.R2})
	}
	want := run(graphs.MSE, 1)
	for name, l := range losses {
		l.Name = name
		for _, threads := range []int{1, 2} {
			got := run(l, threads)
			for i, e := range got.Epochs {
				w := want.Epochs[i]
				if math.Abs(e.ValidationMetric-w.ValidationMetric) > 1e-6 || math.Abs(e.ValidationLoss-w.ValidationLoss) > 1e-6 || math.Abs(e.Loss-w.Loss) > 1e-6 {
					t.Fatalf("%s, epoch %d: R2 %v, loss %v, training loss %v; want %v, %v, %v", name, i+1, e.ValidationMetric, e.ValidationLoss, e.Loss,
						w.ValidationMetric, w.ValidationLoss, w.Loss)
				}
			}
		}
	}
	// One that ignores the weights refuses data with a missing label.
	missing := train.Matrix{X: x, Y: matrix(90, 1, func(i, _ int) float64 { return map[bool]float64{true: math.NaN()}[i == 50] })}
	l := losses["sub"]
	l.Name = "sub"
	net := newNetwork(t, nn.Dense{Units: 1}, 4, l, 1)
	for _, err := range []error{
		func() error { _, err := train.Fit(context.Background(), net, missing, train.Config{}); return err }(),
		func() error { _, err := train.Evaluate(context.Background(), net, missing); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), "row 50") || !strings.Contains(err.Error(), `"sub"`) {
			t.Errorf("a missing label: error %v", err)
		}
	}
}
