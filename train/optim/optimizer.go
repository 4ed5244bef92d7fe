package optim

import (
	"reflect"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Optimizer holds the state of a Rule in one run: the buffers of each parameter and the number of steps. Create one with New for each
// network that you train. It identifies parameters by their position in the list, so every step must get the same list. It is not safe for
// concurrent use.
//
// It is a gorgonia.Solver. Package train updates parameters one at a time instead, while the backward pass runs: see Open.
type Optimizer struct {
	rule      Rule
	preparer  Preparer // the rule, if it is one
	takesRows bool     // the rule takes row-sparse gradients
	allRows   bool     // the rule reads row-sparse gradients as dense ones
	settings  []ParamSettings

	scale   float64
	workers *kernel.Workers
	state   memory

	open      bool
	opened    []openedValue // by parameter: the value when the step began
	done      []bool        // by parameter: updated in this step
	gradients Gradients
}

var _ G.Solver = (*Optimizer)(nil)

// Option is an option of New.
type Option func(o *Optimizer) error

// ForParameters sets the settings of each parameter, in the order of the list that Step gets; ResolveGroups makes them.
func ForParameters(settings []ParamSettings) Option {
	return func(o *Optimizer) error {
		if settings == nil {
			settings = []ParamSettings{} // for a list of no parameters, and no other
		}
		for i, s := range settings {
			if err := s.check(); err != nil {
				return errors.Wrapf(err, "parameter %d", i)
			}
		}
		o.settings = append([]ParamSettings{}, settings...)
		return nil
	}
}

// New returns an optimizer at the start of a run. It returns an error if the rule is nil or one of its settings is out of range.
// Later changes to what rule points to have no effect.
func New(rule Rule, options ...Option) (*Optimizer, error) {
	o, err := newOptimizer(rule, options)
	return o, errors.Wrap(err, "optim")
}

func newOptimizer(rule Rule, options []Option) (_ *Optimizer, err error) {
	defer recovered(&err, "a rule or an option")
	if rule, err = valueOfRule(rule); err != nil {
		return nil, err
	}
	if err := rule.Check(); err != nil {
		return nil, err
	}
	o := &Optimizer{rule: rule, scale: 1, state: memory{kind: rule.Name(), names: append([]string{}, rule.Buffers()...)}}
	o.preparer = preparerOf(rule)
	o.takesRows, o.allRows = takesRows(rule), readsAllRows(rule)
	for i, name := range append([]string{o.state.kind}, o.state.names...) {
		if name == "" || strings.ContainsFunc(name, notInName) {
			return nil, errors.Errorf("%T: name %q, want letters, digits, '-' and '_'", rule, name)
		}
		if i > 0 && slices.Index(o.state.names, name) != i-1 {
			return nil, errors.Errorf("%T: two buffers %q", rule, name)
		}
	}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("a nil option")
		}
		if err := option(o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func notInName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

// valueOfRule returns a copy of the rule behind a pointer, if that is a Rule as well, so that the caller cannot change it later.
func valueOfRule(rule Rule) (Rule, error) {
	if v := reflect.ValueOf(rule); rule == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("no rule; use one such as optim.Adam{}")
	} else if v.Kind() == reflect.Pointer {
		if r, ok := v.Elem().Interface().(Rule); ok {
			return r, nil
		}
	}
	return rule, nil
}

// usable returns an error if the optimizer was not made by New.
func (o *Optimizer) usable() error {
	if o == nil || o.rule == nil {
		return errors.New("the Optimizer was not created with New")
	}
	return nil
}

// Rule returns the rule, or nil for an Optimizer that was not created with New.
func (o *Optimizer) Rule() Rule {
	if o == nil {
		return nil
	}
	return o.rule
}

// Steps returns the number of steps taken, including those before Restore.
func (o *Optimizer) Steps() int {
	if o == nil {
		return 0
	}
	return o.state.count
}

// SetScale sets a factor for the learning rate of the following steps; the default is 1. The next step returns an error if the factor is
// negative or not finite.
func (o *Optimizer) SetScale(scale float64) {
	if o != nil {
		o.scale = scale
	}
}

// UseWorkers sets the thread pool; nil, the default, means the caller's thread alone.
func (o *Optimizer) UseWorkers(w *kernel.Workers) {
	if o != nil {
		o.workers = w
	}
}

// GradientNorm returns the Euclidean norm of the gradients of the last step, before they were clipped. ok is false if the rule does not
// compute it; ClipNorm does.
func (o *Optimizer) GradientNorm() (norm float64, ok bool) {
	if o == nil {
		return 0, false
	}
	return o.gradients.first, o.gradients.measured
}

// Step updates all parameters and sets their gradients to 0, as Gorgonia's solvers do, because dual values add up. It checks all
// parameters and gradients before it changes any.
func (o *Optimizer) Step(model []G.ValueGrad) error {
	if err := o.Apply(model); err != nil {
		return err
	}
	for i, m := range model { // after the last update: parameters may share a gradient
		if x, g, err := valueAndGrad(i, m); err == nil {
			clearGrad(x, g, rowsOf(m))
		}
	}
	return nil
}

// Apply works like Step but leaves the gradients unchanged, for callers that recompute them before each step.
func (o *Optimizer) Apply(model []G.ValueGrad) error {
	return errors.Wrap(o.apply(model), "optim")
}

func (o *Optimizer) apply(model []G.ValueGrad) (err error) {
	defer recovered(&err, "an optimizer's step")
	if err := o.begin(model); err != nil {
		return err
	}
	defer func() { o.open = false }()
	for i, m := range model {
		if !o.frozen(i) {
			if _, _, err := o.operands(i, m); err != nil {
				return err
			}
		}
	}
	if o.preparer != nil {
		if err := o.prepare(model); err != nil {
			return err
		}
	}
	for i, m := range model {
		if err := o.update(i, m); err != nil {
			return err
		}
	}
	o.state.count++
	return nil
}

// Snapshot implements Stateful. The tensors are named rule.buffer.position of the parameter, such as adam.m.0.
func (o *Optimizer) Snapshot() (Snapshot, error) {
	if err := o.usable(); err != nil {
		return Snapshot{}, errors.Wrap(err, "optim")
	}
	s, err := o.state.snapshot()
	return s, errors.Wrap(err, "optim")
}

// Restore implements Stateful. The state must come from the same rule, with the same buffers; a ClipNorm around the rule and
// settings such as the rate may differ.
func (o *Optimizer) Restore(s Snapshot) error {
	if err := o.usable(); err != nil {
		return errors.Wrap(err, "optim")
	}
	o.open = false
	return errors.Wrap(o.state.restore(s), "optim")
}
