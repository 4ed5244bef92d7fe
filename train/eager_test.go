package train

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// looker is an UpdateCallback, so that each update waits for the end of the backward pass.
type looker struct{}

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
func fitted(t *testing.T, layer nn.Layer, o optim.Rule, callbacks ...Callback) []float64 {
	t.Helper()
	net := network64(t, layer)
	_, err := Fit(context.Background(), net, randomRows(70, 6, 3), Config{
		Epochs: 3, Batch: 20, Optimizer: o, Seed: 1, Threads: 2, Callbacks: callbacks, Warn: func(string) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []float64
	for _, p := range net.Params.All() {
		all = append(all, p.Value.Float64s()...)
	}
	return all
}

// Parameters updated while the backward pass runs are those that an update after it makes, to the last bit.
func TestEagerEqualsDeferred(t *testing.T) {
	for _, name := range graphs.Names() {
		for _, optimizer := range optim.Names() {
			layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 9, Outputs: 3})
			if err != nil {
				t.Fatal(err)
			}
			rule, err := optim.ByName(optimizer, 0.01, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(fitted(t, layer, rule), fitted(t, layer, rule, looker{})) {
				t.Errorf("%s, %s: the weights differ", name, optimizer)
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

// network64 is a network of 6 inputs and the loss BCE in float64.
func network64(t *testing.T, layer nn.Layer) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(6), graphs.BCE, graphs.Dtype(tensor.Float64), graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// waits counts the parameters that a step updates before its end and those that wait for it.
func waits(t *testing.T, layer nn.Layer, loss graphs.Loss) (eager, deferred int) {
	t.Helper()
	c := graphs.Config{Mode: graphs.Train, Batch: 5, Inputs: graphs.Matrix(6), Loss: loss}
	g, err := graphs.Build(layer, network64(t, layer).Params, c)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	o, err := optim.New(optim.Adam{})
	if err != nil {
		t.Fatal(err)
	}
	e := newEager(m)
	if err := e.begin(o); err != nil {
		t.Fatal(err)
	}
	if err := m.Run(); err != nil {
		t.Fatal(err)
	}
	for _, left := range e.left {
		if left < 0 {
			eager++
		} else {
			deferred++
		}
	}
	return eager, deferred
}

func TestWhatIsEager(t *testing.T) {
	for _, name := range graphs.Names() {
		layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 9, Outputs: 3, Dropout: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		if eager, deferred := waits(t, layer, graphs.BCE); deferred > 0 || eager == 0 {
			t.Errorf("%s: %d parameters are updated at once and %d at the end", name, eager, deferred)
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

// A step whose loss is not finite changes no weight and is not counted.
func TestNoEagerUpdateWithoutLoss(t *testing.T) {
	net, d := network64(t, graphs.SNN{Layers: 2, Units: 9, Outputs: 3}), randomRows(8, 6, 3)
	d.X.Float64s()[3] = math.NaN()
	before := net.Clone()
	r, err := newRun(context.Background(), net, d, Config{Warn: func(string) {}, Callbacks: []Callback{&never{}}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if err := r.fit(context.Background()); err == nil || errors.Is(err, ErrDiverged) {
		t.Fatalf("features that are not numbers: error %v", err)
	}
	for _, p := range net.Params.All() {
		if !slices.Equal(before.Params.Get(p.Name).Value.Float64s(), p.Value.Float64s()) {
			t.Errorf("parameter %s has changed", p.Name)
		}
	}
	if n := r.optimizer.Steps(); n != 0 {
		t.Errorf("the optimizer counts %d steps", n)
	}
}

// An op that fails while parameters are being updated ends the run in that step, and the network can be trained on.
func TestEagerAbort(t *testing.T) {
	calls, fails := 0, true
	fragile := ops.Def{
		Name:    "Fragile",
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(*ops.Call[float32]) error { return nil },
		Float64: func(c *ops.Call[float64]) error {
			if calls++; calls > 100 && fails {
				return errors.New("worn out")
			}
			copy(c.Out, c.In[0])
			return nil
		},
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.PassUpstream}} },
	}
	net := network64(t, nn.Sequential{nn.Dense{Units: 3}, nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Apply(fragile, x) }), nn.Dense{Units: 3}})
	c := Config{Epochs: 40, Batch: 16, Warn: func(string) {}}
	if _, err := Fit(context.Background(), net, randomRows(64, 6, 3), c); err == nil || !strings.Contains(err.Error(), "step 101: ") || !strings.Contains(err.Error(), "worn out") {
		t.Errorf("error %v", err)
	}
	fails = false
	if _, err := Fit(context.Background(), net, randomRows(64, 6, 3), c); err != nil {
		t.Error(err)
	}
}

// never is an UpdateCallback that is due in no step.
type never struct{ callback.Probes }

func (*never) UpdateDue(*State) bool { return false }
func (*never) BeforeUpdate(context.Context, *State) error {
	return errors.New("called in a step that is not due")
}
