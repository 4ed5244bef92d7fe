package train

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Optimizer is a Gorgonia solver whose rate a schedule can change and whose threads can be chosen.
// The optimizers of this package also work with any Gorgonia program, and as Gorgonia's solvers do, they then set the
// gradients to zero, because dual values add up. One serves one network: it keeps its state by the position of a parameter in
// the list given to Step. They are Stateful, and bit-equal for any number of threads.
//
// A setting of zero means PyTorch's default. Where that is not zero, a tiny number such as 1e-300 has the effect of zero.
type Optimizer interface {
	G.Solver
	// SetScale multiplies the learning rate of the following steps; 1 at the start.
	SetScale(scale float64)
	// UseWorkers sets the pool of threads; nil, as at the start, means the caller's thread alone.
	UseWorkers(w *kernel.Workers)
}

// pace is what the optimizers of this package have in common.
type pace struct {
	scale   float64
	scaled  bool
	workers *kernel.Workers
	steps   int

	params []form   // nil before the first step
	names  []string // of the buffers that each parameter has
	state  []buffers
}

// buffers are those of one parameter, in the order of their names and of its dtype.
type buffers struct {
	f32 [][]float32
	f64 [][]float64
}

// SetScale implements Optimizer.
func (p *pace) SetScale(scale float64) { p.scale, p.scaled = scale, true }

// UseWorkers implements Optimizer.
func (p *pace) UseWorkers(w *kernel.Workers) { p.workers = w }

func (p *pace) rate(base float64) float64 {
	if p.scaled {
		return base * p.scale
	}
	return base
}

// operands are a parameter, its gradient and its buffers.
type operands[T kernel.Float] struct {
	value, grad []T
	state       [][]T
}

// rule is what an optimizer does in one step: the buffers that each parameter needs, where new ones hold zeros, and the update of
// a parameter of either dtype.
type rule struct {
	buffers []string
	f32     func(operands[float32])
	f64     func(operands[float64])
}

// step checks all parameters, and only then updates them.
func (p *pace) step(model []G.ValueGrad, next func() (rule, error)) error {
	r, err := next()
	if err != nil {
		return err
	}
	for i, m := range model {
		if _, _, err := valueAndGrad(i, m); err != nil {
			return err
		}
	}
	if err := p.open(model, r); err != nil {
		return err
	}
	for i, m := range model {
		if err := p.update(i, m, r); err != nil {
			return err
		}
	}
	p.close()
	for i, m := range model { // not before the last update: parameters may share a gradient
		if _, ours := m.(*update); !ours {
			_, g, _ := valueAndGrad(i, m)
			clear(g.f32)
			clear(g.f64)
		}
	}
	return nil
}

// open begins a step: it checks the values of all parameters, against those of the first step too, and makes missing buffers.
// The gradients need not be there yet.
func (p *pace) open(model []G.ValueGrad, r rule) error {
	if p.scaled && !(p.scale >= 0 && p.scale <= math.MaxFloat64) {
		return errors.Errorf("optimizer: the factor of the learning rate is %v; see the settings of the schedule", p.scale)
	}
	if p.params != nil && len(model) != len(p.params) {
		return errors.Errorf("optimizer: %d parameters, %d before; use one optimizer per network", len(model), len(p.params))
	}
	for i, m := range model {
		x, err := valueOnly(i, m)
		if err != nil {
			return err
		}
		if p.params != nil && !p.params[i].is(x) {
			return errors.Errorf("optimizer: parameter %d is %v, %v before; use one optimizer per network", i, x.form(), p.params[i])
		}
	}
	if p.params == nil {
		p.params = make([]form, len(model))
		for i, m := range model {
			x, _ := valueOnly(i, m)
			p.params[i] = x.form()
		}
	}
	p.need(r.buffers)
	return nil
}

// update updates parameter i, once between open and close.
func (p *pace) update(i int, m G.ValueGrad, r rule) error {
	x, g, err := valueAndGrad(i, m)
	if err != nil {
		return err
	}
	if x.f32 != nil {
		r.f32(operands[float32]{x.f32, g.f32, p.state[i].f32})
	} else {
		r.f64(operands[float64]{x.f64, g.f64, p.state[i].f64})
	}
	return nil
}

// close counts the step.
func (p *pace) close() { p.steps++ }

// need makes buffers of these names, and keeps those that there are already.
func (p *pace) need(names []string) {
	if len(p.state) == len(p.params) && slices.Equal(p.names, names) {
		return
	}
	old := p.state
	p.state = make([]buffers, len(p.params))
	for i, form := range p.params {
		for _, name := range names {
			k := slices.Index(p.names, name)
			switch {
			case form.Dtype == single && k >= 0:
				p.state[i].f32 = append(p.state[i].f32, old[i].f32[k])
			case form.Dtype == single:
				p.state[i].f32 = append(p.state[i].f32, make([]float32, form.size()))
			case k >= 0:
				p.state[i].f64 = append(p.state[i].f64, old[i].f64[k])
			default:
				p.state[i].f64 = append(p.state[i].f64, make([]float64, form.size()))
			}
		}
	}
	p.names = names
}

// limit is a setting and what it must be.
type limit struct {
	name  string
	value float64
	ok    bool
	want  string
}

func positive(name string, x float64) limit {
	return limit{name, x, x > 0 && x <= math.MaxFloat64, "a positive number"}
}

func notNegative(name string, x float64) limit {
	return limit{name, x, x >= 0 && x <= math.MaxFloat64, "0 or a positive number"}
}

func fraction(name string, x float64) limit {
	return limit{name, x, x >= 0 && x < 1, "at least 0 and below 1"}
}

// check returns an error that names all settings that are out of their limits.
func check(optimizer string, limits ...limit) error {
	var faults []string
	for _, l := range limits {
		if !l.ok {
			faults = append(faults, fmt.Sprintf("%s %v, want %s", l.name, l.value, l.want))
		}
	}
	if faults != nil {
		return errors.Errorf("%s: %s", optimizer, strings.Join(faults, "; "))
	}
	return nil
}

func orDefault(x, fallback float64) float64 {
	if x == 0 {
		return fallback
	}
	return x
}
