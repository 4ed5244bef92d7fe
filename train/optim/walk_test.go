package optim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rules are one of each kind, with all of its buffers.
var rules = map[string]optim.Rule{
	"SGD":              optim.SGD{},
	"momentum":         optim.SGD{Momentum: 0.9, L2: 0.01},
	"Nesterov":         optim.SGD{Momentum: 0.9, Nesterov: true},
	"Adam":             optim.Adam{L2: 0.01},
	"AdamW":            optim.AdamW{},
	"RMSProp":          optim.RMSProp{},
	"RMSProp centered": optim.RMSProp{Momentum: 0.5, Centered: true},
	"AdaGrad":          optim.AdaGrad{RateDecay: 0.1},
	"AdaDelta":         optim.AdaDelta{},
	"AdaMax":           optim.AdaMax{},
	"ClipNorm":         optim.ClipNorm{Rule: optim.Adam{}, Max: 1},
}

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64}

func newOptimizer(t testing.TB, rule optim.Rule, options ...optim.Option) *optim.Optimizer {
	t.Helper()
	o, err := optim.New(rule, options...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// valueGrad is a parameter and a gradient outside any graph.
type valueGrad struct{ value, grad G.Value }

func (v valueGrad) Value() G.Value         { return v.value }
func (v valueGrad) Grad() (G.Value, error) { return v.grad, nil }

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
	x, err := dense.Elements(d)
	if err != nil {
		panic(err)
	}
	for i := range x.Len() {
		x.Set(i, w.random.NormFloat64())
	}
	return d
}

// model returns the parameters with new gradients.
func (w *walk) model() (model []G.ValueGrad) {
	for _, p := range w.params {
		model = append(model, valueGrad{p, w.normal(p.Dtype(), p.Shape())})
	}
	return model
}

// step takes a step with new gradients.
func (w *walk) step(t testing.TB, o G.Solver) {
	t.Helper()
	if err := o.Step(w.model()); err != nil {
		t.Fatal(err)
	}
}

func (w *walk) values() (values []G.Value) {
	for _, p := range w.params {
		values = append(values, p)
	}
	return values
}

// bits are those of all elements.
func (w *walk) bits() []uint64 { return bits(w.values()...) }

func bits(values ...G.Value) (out []uint64) {
	for _, v := range values {
		x, err := dense.Float64s(v, nil)
		if err != nil {
			panic(err)
		}
		for _, x := range x {
			out = append(out, math.Float64bits(x))
		}
	}
	return out
}

// clone returns a walk whose parameters are copies, with the same gradients to come.
func (w *walk) clone(seed uint64) *walk {
	w.random = rand.New(rand.NewPCG(seed, 4))
	c := &walk{random: rand.New(rand.NewPCG(seed, 4))}
	for _, p := range w.params {
		c.params = append(c.params, p.Clone().(*tensor.Dense))
	}
	return c
}
