package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sign is a rule of a user: signed descent, which takes row-sparse gradients.
type sign struct {
	Rate float64
	fail bool
}

func (s sign) Name() string      { return "sign" }
func (s sign) Buffers() []string { return []string{"seen"} }
func (s sign) TakesRows() bool   { return true }

func (s sign) Check() error {
	if !(s.Rate > 0) {
		return errors.Errorf("sign: rate %v", s.Rate)
	}
	return nil
}

func (s sign) Update32(step optim.Step, x optim.Operands[float32]) error { return signed(s, step, x) }
func (s sign) Update64(step optim.Step, x optim.Operands[float64]) error { return signed(s, step, x) }

func signed[T kernel.Float](s sign, step optim.Step, x optim.Operands[T]) error {
	if s.fail {
		panic("sign fails")
	}
	rate := T(s.Rate * step.RateFactor)
	for k, g := range x.Grad {
		if x.Rows != nil && !slices.Contains(x.Rows, k/x.Width) {
			continue
		}
		x.Value[k] -= rate * T(math.Copysign(1, float64(g)))
		x.Buffers[0][k]++
	}
	return nil
}

// rowGrad is a parameter with a row-sparse gradient.
type rowGrad struct {
	valueGrad
	rows []int
}

func (r rowGrad) Rows() []int { return r.rows }

// A rule of a user gets buffers, rows, rate factors and clipping as those of this package do.
func TestOwnRule(t *testing.T) {
	p := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 1, 1, 1, 1, 1}))
	g := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{0, -12, 0, 0, -3, 4}))
	model := []G.ValueGrad{rowGrad{valueGrad{p, g}, []int{2, 0}}}
	o := newOptimizer(t, optim.ClipNorm{Rule: sign{Rate: 0.5}, Max: 1e9}, optim.ForParameters([]optim.ParamSettings{{RateFactor: 0.5}}))
	for range 2 {
		if err := o.Apply(model); err != nil {
			t.Fatal(err)
		}
	}
	if norm, _ := o.GradientNorm(); norm != 13 {
		t.Errorf("norm %v, want 13", norm)
	}
	if got, want := p.Float64s(), []float64{0.5, 1.5, 1, 1, 1.5, 0.5}; !slices.Equal(got, want) {
		t.Errorf("parameter %v, want %v", got, want)
	}
	s := stored(t, o)
	if got := s.Tensors["sign.seen.0"].Float64s(); !slices.Equal(got, []float64{2, 2, 0, 0, 2, 2}) {
		t.Errorf("buffer %v", got)
	}
	if err := newOptimizer(t, sign{Rate: 7}).Restore(s); err != nil {
		t.Error(err)
	}
}

func TestRowErrors(t *testing.T) {
	p := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(3, 2))
	g := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(3, 2))
	for want, test := range map[string]struct {
		rule optim.Rule
		rows []int
	}{
		"adamw does not take row-sparse gradients; use SGD": {optim.AdamW{}, []int{0, 1}}, "row 3 of 3": {sign{Rate: 1}, []int{0, 3}},
		"sgd does not take": {optim.ClipNorm{Rule: optim.SGD{Momentum: 0.9}, Max: 1}, []int{0, 1}},
		"row -1 of 3":       {sign{Rate: 1}, []int{-1, 0}}, "adam does not take": {optim.Adam{L2: 0.1}, []int{0}},
		"sgd does not": {optim.SGD{L2: 0.1}, []int{0}}, "adagrad does not": {optim.AdaGrad{L2: 0.1}, []int{0}},
	} {
		err := newOptimizer(t, test.rule).Step([]G.ValueGrad{rowGrad{valueGrad{p, g}, test.rows}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// A panic in a rule is an error that names it.
func TestRulePanics(t *testing.T) {
	w := newWalk(tensor.Float32, []int{3})
	o := newOptimizer(t, sign{Rate: 1, fail: true})
	err := o.Step(w.model())
	if err == nil || !strings.Contains(err.Error(), "sign fails") || !strings.Contains(err.Error(), "rule_test.go") {
		t.Errorf("error %v, want one with the panic and its place", err)
	}
	model := w.model()
	if err := o.Open(model); err != nil {
		t.Fatal(err)
	}
	if err := o.Update(0, model[0]); err == nil || !strings.Contains(err.Error(), "sign fails") {
		t.Errorf("error %v, want one with the panic", err)
	}
	if o.Steps() != 0 {
		t.Errorf("%d steps are counted", o.Steps())
	}
}

// badNames is a rule whose names cannot be those of tensors.
type badNames struct {
	optim.SGD
	name    string
	buffers []string
}

func (b badNames) Name() string      { return b.name }
func (b badNames) Buffers() []string { return b.buffers }

func TestRuleNames(t *testing.T) {
	for want, rule := range map[string]optim.Rule{
		`name ""`: badNames{}, `name "a.b"`: badNames{name: "a.b"}, `name "m/1"`: badNames{name: "a", buffers: []string{"m/1"}},
		`two buffers "m"`: badNames{name: "a", buffers: []string{"m", "v", "m"}},
	} {
		if _, err := optim.New(rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
