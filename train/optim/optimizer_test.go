package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The same steps give bit-equal parameters for any number of threads.
func TestOptimizerThreads(t *testing.T) {
	for name, rule := range rules {
		for _, dtype := range dtypes {
			var want []uint64
			for _, threads := range []int{1, 2, 3} {
				workers := kernel.NewWorkers(threads)
				defer workers.Close()
				w, o := newWalk(dtype, []int{300, 133}, []int{5}), newOptimizer(t, rule)
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

// A rule has no state: the second run with it is that of the first, also while the first goes on.
func TestRuleTwice(t *testing.T) {
	for name, rule := range rules {
		first := newWalk(tensor.Float32, []int{7, 3}, []int{5})
		o := newOptimizer(t, rule)
		var want [][]uint64
		for range 4 {
			first.step(t, o)
			want = append(want, first.bits())
		}
		second, other := newWalk(tensor.Float32, []int{7, 3}, []int{5}), newOptimizer(t, rule)
		for k := range 4 {
			first.step(t, o)
			second.step(t, other)
			if !slices.Equal(second.bits(), want[k]) {
				t.Errorf("%s: a second run differs at step %d", name, k)
			}
		}
	}
}

// Changing a rule after New has no effect.
func TestRuleIsCopied(t *testing.T) {
	want, got := newWalk(tensor.Float32, []int{5}), newWalk(tensor.Float32, []int{5})
	rule := &optim.SGD{Rate: 0.1}
	o := newOptimizer(t, rule)
	rule.Rate, rule.Momentum = 7, 0.9
	for range 3 {
		got.step(t, o)
	}
	for o := newOptimizer(t, optim.SGD{Rate: 0.1}); o.Steps() < 3; {
		want.step(t, o)
	}
	if !slices.Equal(want.bits(), got.bits()) {
		t.Error("a changed rule changes the run")
	}
}

func TestRuleSettings(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		rule optim.Rule
		want []string
	}{
		{optim.SGD{Rate: -1}, []string{"optim: SGD: rate -1, want a positive number"}},
		{optim.SGD{Momentum: 1, L2: -2}, []string{"momentum 1, want", "L2 -2, want"}},
		{optim.SGD{Nesterov: true}, []string{"Nesterov needs a momentum"}},
		{optim.Adam{Rate: nan}, []string{"Adam: rate NaN"}},
		{optim.Adam{Beta1: new(1.0), Beta2: new(-0.1), Eps: new(-1.0)}, []string{"beta1 1", "beta2 -0.1", "eps -1"}},
		{optim.AdamW{Decay: new(-1.0)}, []string{"AdamW: decay -1"}},
		{optim.RMSProp{Alpha: new(2.0), Momentum: -1}, []string{"RMSProp: alpha 2", "momentum -1"}},
		{optim.AdaGrad{RateDecay: -1}, []string{"AdaGrad: rate decay -1"}},
		{optim.AdaDelta{Rho: new(1.0), Eps: -1}, []string{"AdaDelta: rho 1", "eps -1"}},
		{optim.AdaMax{Rate: math.Inf(1)}, []string{"AdaMax: rate +Inf"}},
		{optim.ClipNorm{Max: 1}, []string{"ClipNorm: no rule"}},
		{optim.ClipNorm{Rule: (*optim.Adam)(nil), Max: 1}, []string{"ClipNorm: no rule"}},
		{optim.ClipNorm{Rule: optim.SGD{}}, []string{"ClipNorm: max 0, want a positive number"}},
		{optim.ClipNorm{Rule: optim.SGD{Rate: -1}, Max: 1}, []string{"SGD: rate -1"}},
	} {
		_, err := optim.New(test.rule)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%T: error %v, want one with %q", test.rule, err, want)
			}
		}
	}
}

func TestScaleOutOfRange(t *testing.T) {
	for _, scale := range []float64{math.NaN(), math.Inf(1), -1} {
		w, o := newWalk(tensor.Float32, []int{3}), newOptimizer(t, optim.Adam{})
		before := w.bits()
		o.SetScale(scale)
		if err := o.Step(w.model()); err == nil || !strings.Contains(err.Error(), "factor of the learning rate is") {
			t.Errorf("factor %v: error %v", scale, err)
		}
		if !slices.Equal(before, w.bits()) || o.Steps() != 0 {
			t.Errorf("factor %v: the parameters have changed", scale)
		}
	}
}

// An explicit zero is zero, not the default.
func TestExplicitZero(t *testing.T) {
	one := func(rule optim.Rule) float64 { // where a step of rate 1 takes a parameter of 1 with a gradient of 4, after one with 2
		p := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1}))
		o := newOptimizer(t, rule)
		for _, g := range []float64{2, 4} {
			p.Float64s()[0] = 1
			if err := o.Step([]G.ValueGrad{valueGrad{p, tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{g}))}}); err != nil {
				t.Fatal(err)
			}
		}
		return p.Float64s()[0]
	}
	for name, test := range map[string]struct {
		rule optim.Rule
		want float64
	}{
		"AdamW without decay is Adam": {optim.AdamW{Rate: 0.1, Decay: new(0.0)}, one(optim.Adam{Rate: 0.1})},
		"Adam by sign":                {optim.Adam{Rate: 1, Beta1: new(0.0), Beta2: new(0.0), Eps: new(0.0)}, 0},
		"AdaMax of the last gradient": {optim.AdaMax{Rate: 1, Beta1: new(0.0), Beta2: new(0.0), Eps: new(0.0)}, 0},
		"RMSProp by sign":             {optim.RMSProp{Rate: 1, Alpha: new(0.0), Eps: new(0.0)}, 0},
		"AdaGrad without eps":         {optim.AdaGrad{Rate: 1, Eps: new(0.0)}, 1 - 4/math.Sqrt(20)},
	} {
		if got := one(test.rule); math.Abs(got-test.want) > 1e-15 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if one(optim.AdamW{Rate: 0.1}) == one(optim.Adam{Rate: 0.1}) {
		t.Error("AdamW without settings has no decay")
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
	want, got := fit(G.NewVanillaSolver(G.WithLearnRate(0.05))), fit(newOptimizer(t, optim.SGD{Rate: 0.05}))
	for k := range want {
		if math.Abs(got[k]-want[k]) > 1e-12 {
			t.Fatalf("step %d: loss %v, with Gorgonia's solver %v", k, got[k], want[k])
		}
	}
	for name, rule := range rules {
		if losses := fit(newOptimizer(t, rule)); !(losses[19] < losses[0]) {
			t.Errorf("%s: the loss goes from %v to %v", name, losses[0], losses[19])
		}
	}
}

// Step sets the gradients to 0, Apply does not.
func TestGradientsAfterStep(t *testing.T) {
	w, o := newWalk(tensor.Float64, []int{3}), newOptimizer(t, optim.SGD{})
	model := w.model()
	if err := o.Apply(model); err != nil {
		t.Fatal(err)
	}
	grad := model[0].(valueGrad).grad
	if slices.Equal(bits(grad), make([]uint64, 3)) {
		t.Error("Apply has cleared the gradient")
	}
	if err := o.Step(model); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bits(grad), make([]uint64, 3)) {
		t.Errorf("gradient %v after Step", grad)
	}
}

// If one gradient does not fit, no parameter changes.
func TestStepChecksFirst(t *testing.T) {
	for name, bad := range map[string]G.ValueGrad{
		"missing": nil, "no value": valueGrad{nil, tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2))},
		"no gradient": valueGrad{tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2)), nil},
		"size":        valueGrad{tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2)), tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(3))},
		"dtype":       valueGrad{tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2)), tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2))},
		"integers":    valueGrad{tensor.New(tensor.Of(tensor.Int), tensor.WithShape(2)), tensor.New(tensor.Of(tensor.Int), tensor.WithShape(2))},
	} {
		w, o := newWalk(tensor.Float64, []int{3}), newOptimizer(t, optim.SGD{})
		before := w.bits()
		if err := o.Step(append(w.model(), bad)); err == nil || !strings.Contains(err.Error(), "parameter 1") {
			t.Errorf("%s: error %v, want one that names parameter 1", name, err)
		}
		if !slices.Equal(before, w.bits()) || o.Steps() != 0 {
			t.Errorf("%s: parameter 0 has changed", name)
		}
	}
}

// After the first step, a step on one thread allocates nothing, whatever the rule.
func TestStepAllocations(t *testing.T) {
	for name, rule := range rules {
		w, o := newWalk(tensor.Float32, []int{30, 20}, []int{5}), newOptimizer(t, rule)
		model := w.model()
		n := testing.AllocsPerRun(20, func() {
			if err := o.Step(model); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 {
			t.Errorf("%s: %v allocations a step", name, n)
		}
	}
}
