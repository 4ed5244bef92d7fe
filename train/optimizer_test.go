package train_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// optimizers are one of each kind, with all of its buffers.
var optimizers = map[string]func() train.Optimizer{
	"SGD":              func() train.Optimizer { return &train.SGD{} },
	"momentum":         func() train.Optimizer { return &train.SGD{Momentum: 0.9, L2: 0.01} },
	"Nesterov":         func() train.Optimizer { return &train.SGD{Momentum: 0.9, Nesterov: true} },
	"Adam":             func() train.Optimizer { return &train.Adam{L2: 0.01} },
	"AdamW":            func() train.Optimizer { return &train.AdamW{} },
	"RMSProp":          func() train.Optimizer { return &train.RMSProp{} },
	"RMSProp centered": func() train.Optimizer { return &train.RMSProp{Momentum: 0.5, Centered: true} },
	"AdaGrad":          func() train.Optimizer { return &train.AdaGrad{RateDecay: 0.1} },
	"AdaDelta":         func() train.Optimizer { return &train.AdaDelta{} },
	"AdaMax":           func() train.Optimizer { return &train.AdaMax{} },
	"ClipNorm":         func() train.Optimizer { return &train.ClipNorm{Optimizer: &train.Adam{}, Max: 1} },
}

// walk is parameters of a few shapes and the random gradients of each step.
type walk struct {
	params []*tensor.Dense
	random *rand.Rand
}

func newWalk(dtype tensor.Dtype, shapes ...[]int) *walk {
	w := &walk{random: rand.New(rand.NewPCG(1, 2))}
	for _, shape := range shapes {
		w.params = append(w.params, w.normal(dtype, shape))
	}
	return w
}

func (w *walk) normal(dtype tensor.Dtype, shape []int) *tensor.Dense {
	d := tensor.New(tensor.Of(dtype), tensor.WithShape(shape...))
	for i := range d.DataSize() {
		if dtype == tensor.Float32 {
			d.Float32s()[i] = float32(w.random.NormFloat64())
		} else {
			d.Float64s()[i] = w.random.NormFloat64()
		}
	}
	return d
}

// step takes a step with new gradients.
func (w *walk) step(t testing.TB, o G.Solver) {
	t.Helper()
	var model []G.ValueGrad
	for _, p := range w.params {
		model = append(model, valueGrad{p, w.normal(p.Dtype(), p.Shape())})
	}
	if err := o.Step(model); err != nil {
		t.Fatal(err)
	}
}

func (w *walk) bits() (out []uint64) {
	for _, p := range w.params {
		out = append(out, bits(p)...)
	}
	return out
}

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64}

// The same steps give bit-equal parameters for any number of threads.
func TestOptimizerThreads(t *testing.T) {
	for name, make := range optimizers {
		for _, dtype := range dtypes {
			var want []uint64
			for _, threads := range []int{1, 2, 3} {
				workers := kernel.NewWorkers(threads)
				defer workers.Close()
				w, o := newWalk(dtype, []int{300, 133}, []int{5}), make()
				o.UseWorkers(workers)
				for range 3 {
					w.step(t, o)
				}
				if want == nil {
					want = w.bits()
				} else if !slices.Equal(w.bits(), want) {
					t.Errorf("%s, %v: %d threads give other bits than one", name, dtype, threads)
				}
			}
		}
	}
}

func TestOptimizerSettings(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		o    train.Optimizer
		want []string
	}{
		{&train.SGD{Rate: -1}, []string{"SGD: rate -1, want a positive number"}},
		{&train.SGD{Momentum: 1, L2: -2}, []string{"momentum 1, want", "L2 -2, want"}},
		{&train.SGD{Nesterov: true}, []string{"Nesterov needs a momentum"}},
		{&train.Adam{Rate: nan}, []string{"Adam: rate NaN"}},
		{&train.Adam{Beta1: 1, Beta2: -0.1, Eps: -1}, []string{"beta1 1", "beta2 -0.1", "eps -1"}},
		{&train.AdamW{Decay: -1}, []string{"AdamW: decay -1"}},
		{&train.RMSProp{Alpha: 2, Momentum: -1}, []string{"RMSProp: alpha 2", "momentum -1"}},
		{&train.AdaGrad{RateDecay: -1}, []string{"AdaGrad: rate decay -1"}},
		{&train.AdaDelta{Rho: 1}, []string{"AdaDelta: rho 1"}},
		{&train.AdaMax{Rate: math.Inf(1)}, []string{"AdaMax: rate +Inf"}},
		{&train.ClipNorm{Max: 1}, []string{"ClipNorm: no optimizer"}},
		{&train.ClipNorm{Optimizer: &train.SGD{}}, []string{"ClipNorm: max 0, want a positive number"}},
	} {
		p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3))
		err := test.o.Step([]G.ValueGrad{valueGrad{p, p}})
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%T: error %v, want one that says %q", test.o, err, want)
			}
		}
	}
	o := &train.Adam{}
	o.SetScale(nan)
	p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3))
	if err := o.Step([]G.ValueGrad{valueGrad{p, p}}); err == nil || !strings.Contains(err.Error(), "factor of the learning rate is NaN") {
		t.Errorf("a factor that is NaN gives error %v", err)
	}
}

// In a Gorgonia program that binds dual values, with scalars and matrices, plain descent equals Gorgonia's, and all
// optimizers lower the loss.
func TestOptimizersGorgonia(t *testing.T) {
	// fit returns the losses of a linear regression.
	fit := func(solver G.Solver) (losses []float64) {
		g := G.NewGraph()
		x := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 2), G.WithValue(tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{1, 2, -1, 1, 0, 3, 2, -1}))))
		y := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 1), G.WithValue(tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{3, -1, 2, 4}))))
		w := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 1), G.WithName("w"), G.WithValue(tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0.1, 0.2}))))
		b := G.NewScalar(g, tensor.Float64, G.WithName("b"), G.WithValue(0.5))
		loss := G.Must(G.Mean(G.Must(G.Square(G.Must(G.Sub(G.Must(G.Add(G.Must(G.Mul(x, w)), b)), y))))))
		if _, err := G.Grad(loss, w, b); err != nil {
			t.Fatal(err)
		}
		var value G.Value
		G.Read(loss, &value)
		m := G.NewTapeMachine(g, G.BindDualValues(w, b))
		defer m.Close()
		for range 20 {
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			losses = append(losses, value.Data().(float64))
			if err := solver.Step(G.NodesToValueGrads(G.Nodes{w, b})); err != nil {
				t.Fatal(err)
			}
			m.Reset()
		}
		return losses
	}
	want, got := fit(G.NewVanillaSolver(G.WithLearnRate(0.05))), fit(&train.SGD{Rate: 0.05})
	for k := range want {
		if math.Abs(got[k]-want[k]) > 1e-12 {
			t.Fatalf("step %d: loss %v, with Gorgonia's solver %v", k, got[k], want[k])
		}
	}
	for name, make := range optimizers {
		if losses := fit(make()); !(losses[19] < losses[0]) {
			t.Errorf("%s: the loss goes from %v to %v", name, losses[0], losses[19])
		}
	}
}
