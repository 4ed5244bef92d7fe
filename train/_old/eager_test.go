package train

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// looker is an UpdateCallback, so that each update waits for the end of the backward pass.
type looker struct{}

func (looker) AfterEpoch(context.Context, *State) error   { return nil }
func (looker) BeforeUpdate(context.Context, *State) error { return nil }

func randomRows(rows, inputs, outputs int) Matrix {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, rows*inputs), make([]float64, rows*outputs)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	for i := range y {
		y[i] = float64(r.IntN(2))
	}
	dense := func(cols int, data []float64) *tensor.Dense {
		return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
	}
	return Matrix{X: dense(inputs, x), Y: dense(outputs, y)}
}

// fitted returns the weights after a few steps, the last of each epoch with a short batch.
func fitted(t *testing.T, model nn.Layer, loss graphs.Loss, o G.Solver, callbacks ...Callback) []float64 {
	t.Helper()
	params, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Fit(context.Background(), model, params, randomRows(70, 6, 3), Config{
		Loss: loss, Epochs: 3, Batch: 20, Optimizer: o, Seed: 1, Threads: 2, Callbacks: callbacks, Warn: func(string) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []float64
	for _, p := range params.All() {
		all = append(all, p.Value.Float64s()...)
	}
	return all
}

// Parameters updated while the backward pass runs are those that an update after it makes, to the last bit.
func TestEagerEqualsDeferred(t *testing.T) {
	for _, net := range graphs.Networks() {
		for _, optimizer := range Optimizers() {
			model, err := graphs.Network(net, graphs.Hidden{Layers: 3, Units: 9, Outputs: 3})
			if err != nil {
				t.Fatal(err)
			}
			make := func() G.Solver {
				o, err := NewOptimizer(optimizer, 0.01, 0)
				if err != nil {
					t.Fatal(err)
				}
				return o
			}
			now, later := fitted(t, model, graphs.BCE, make()), fitted(t, model, graphs.BCE, make(), looker{})
			if !slices.Equal(now, later) {
				t.Errorf("%s, %s: the weights differ", net, optimizer)
			}
		}
	}
}

// transposed is a layer whose weights are read by an op of Gorgonia.
type transposed struct{ nn.Layer }

func (l transposed) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	w, err := b.Param("w", nn.LeCunNormal, 3, 3)
	if err != nil {
		return nil, err
	}
	y, err := l.Layer.Forward(b, x)
	if err != nil {
		return nil, err
	}
	wt, err := G.Transpose(w)
	if err != nil {
		return nil, err
	}
	return ops.MatMul(y, wt)
}

// waits tells of each parameter whether a step updates it before its end.
func waits(t *testing.T, model nn.Layer, loss graphs.Loss) (eager, deferred int) {
	t.Helper()
	params, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Train, Batch: 5, Inputs: 6, Loss: loss})
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMachine(g)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.eager.begin(&Adam{}); err != nil {
		t.Fatal(err)
	}
	if err := m.run(); err != nil {
		t.Fatal(err)
	}
	for _, left := range m.eager.left {
		if left < 0 {
			eager++
		} else {
			deferred++
		}
	}
	return eager, deferred
}

func TestWhatIsEager(t *testing.T) {
	for _, net := range graphs.Networks() {
		model, err := graphs.Network(net, graphs.Hidden{Layers: 3, Units: 9, Outputs: 3, Dropout: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		if eager, deferred := waits(t, model, graphs.BCE); deferred > 0 || eager == 0 {
			t.Errorf("%s: %d parameters are updated at once and %d at the end", net, eager, deferred)
		}
	}
	snn := graphs.SNN{Layers: 2, Units: 9, Outputs: 3}
	if eager, deferred := waits(t, transposed{snn}, graphs.BCE); deferred != 1 || eager != 6 {
		t.Errorf("a weight that Gorgonia transposes: %d parameters are updated at once and %d at the end", eager, deferred)
	}
	loss := graphs.Loss{Name: "mean", Apply: func(output, _, _ *G.Node) (*G.Node, error) { return G.Mean(output) }}
	if eager, _ := waits(t, snn, loss); eager > 0 {
		t.Errorf("%d parameters are updated before the loss is known", eager)
	}
}

// ownStep embeds an optimizer and has a Step of its own.
type ownStep struct{ *Adam }

func (ownStep) Step([]G.ValueGrad) error { return nil }

func TestEmbeddedOptimizerKeepsItsStep(t *testing.T) {
	model := graphs.SNN{Layers: 2, Units: 9, Outputs: 3}
	kept, moved := fitted(t, model, graphs.BCE, ownStep{&Adam{}}), fitted(t, model, graphs.BCE, &SGD{Rate: 1e-200})
	for i, w := range kept {
		if math.Abs(w-moved[i]) > 1e-100 {
			t.Fatalf("weight %d has become %v, although its optimizer does nothing", i, w)
		}
	}
}

// A step whose loss is not finite changes no weight and is not counted.
func TestNoEagerUpdateWithoutLoss(t *testing.T) {
	params, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		t.Fatal(err)
	}
	data := randomRows(8, 6, 3)
	data.X.Float64s()[3] = math.NaN()
	model := graphs.SNN{Layers: 2, Units: 9, Outputs: 3}
	if _, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Train, Batch: 8, Inputs: 6, Loss: graphs.BCE}); err != nil {
		t.Fatal(err)
	}
	before := map[string][]float64{}
	for _, p := range params.All() {
		before[p.Name] = slices.Clone(p.Value.Float64s())
	}
	o := &Adam{}
	quiet := Config{Loss: graphs.BCE, Optimizer: o, Warn: func(string) {}, Callbacks: []Callback{&never{}}}
	if _, err := Fit(context.Background(), model, params, data, quiet); err == nil || errors.Is(err, ErrDiverged) {
		t.Fatalf("features that are not numbers: error %v", err)
	}
	for _, p := range params.All() {
		if !slices.Equal(before[p.Name], p.Value.Float64s()) {
			t.Errorf("parameter %s has changed", p.Name)
		}
	}
	if o.steps != 0 {
		t.Errorf("the optimizer counts %d steps", o.steps)
	}
}

// never is an UpdateCallback that sees no step.
type never struct{ Probes }

func (*never) UpdateDue(*State) bool { return false }
func (*never) BeforeUpdate(context.Context, *State) error {
	return errors.New("called in a step that is not due")
}
