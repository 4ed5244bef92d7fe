package optim

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	G "gorgonia.org/gorgonia"
)

// Eager reports whether parameters may be updated one at a time, by Open, Update and Close, before all gradients are known.
// It is false for a rule that works on all gradients first, as ClipNorm does.
func (o *Optimizer) Eager() bool { return o.usable() == nil && o.preparer == nil }

// Open begins a step in which Update updates the parameters one at a time, in any order. The gradients need not be known yet. A step that
// is not closed, for example after a failure, is not counted; the next Open starts over.
func (o *Optimizer) Open(model []G.ValueGrad) error {
	if o.usable() == nil && o.preparer != nil {
		return errors.Errorf("optim: %T works on all gradients at once; use Step or Apply", o.rule)
	}
	return errors.Wrap(o.begin(model), "optim")
}

// Update updates parameter i of the list. Call it once for each parameter between Open and Close. It does not change the gradient.
func (o *Optimizer) Update(i int, m G.ValueGrad) (err error) {
	defer recovered(&err, "an optimizer's update")
	return errors.Wrap(o.update(i, m), "optim")
}

// Close counts the step. It returns an error if a parameter was not updated.
func (o *Optimizer) Close() error {
	if o == nil || !o.open {
		return errors.New("optim: Close without Open")
	}
	o.open = false
	for i, done := range o.done {
		if !done && !o.frozen(i) {
			return errors.Errorf("optim: Close before the update of parameter %d", i)
		}
	}
	o.state.count++
	return nil
}

// openedValue is the value of a parameter, whose elements need no second look within a step.
type openedValue struct {
	of       G.Value
	elements dense.Slices
}

// begin begins a step: it checks the values of all parameters, also against the first step, and creates the buffers.
func (o *Optimizer) begin(model []G.ValueGrad) error {
	if err := o.usable(); err != nil {
		return err
	}
	o.open = false
	if !(o.scale >= 0 && o.scale <= math.MaxFloat64) {
		return errors.Errorf("the factor of the learning rate is %v; see the settings of the schedule", o.scale)
	}
	if err := o.state.length(len(model)); err != nil {
		return err
	}
	if o.settings != nil && len(o.settings) != len(model) {
		return errors.Errorf("%d parameters, and settings for %d", len(model), len(o.settings))
	}
	o.opened = o.opened[:0]
	for i, m := range model {
		x, err := valueOf(i, m)
		if err == nil {
			err = o.state.fits(i, x)
		}
		if err != nil {
			return err
		}
		o.opened = append(o.opened, openedValue{m.Value(), x})
	}
	if o.state.forms == nil {
		forms := make([]form, len(model))
		for i, m := range model {
			x, _ := valueOf(i, m)
			forms[i] = formOf(x)
		}
		o.state.make(forms)
	}
	if len(o.done) != len(model) {
		o.done = make([]bool, len(model))
	}
	clear(o.done)
	o.open, o.gradients.measured = true, false
	return nil
}

func (o *Optimizer) frozen(i int) bool { return o.settings != nil && o.settings[i].Frozen }

// operands returns a parameter and its gradient in the form that the rule takes.
func (o *Optimizer) operands(i int, m G.ValueGrad) (value, grad dense.Slices, err error) {
	if known := o.opened[i]; known.of == m.Value() {
		value = known.elements
		grad, err = gradOf(i, m, value)
	} else if value, grad, err = valueAndGrad(i, m); err == nil {
		err = o.state.fits(i, value)
	}
	if err != nil {
		return value, grad, err
	}
	if rows := o.rowsOf(m); rows != nil {
		if !o.takesRows {
			return value, grad, errors.Errorf("parameter %d: %s does not take row-sparse gradients; %s", i, o.state.kind, RowAdvice)
		}
		return value, grad, checkRows(i, value, rows)
	}
	return value, grad, nil
}

// rowsOf returns the rows of a gradient that the rule reads, nil for all.
func (o *Optimizer) rowsOf(m G.ValueGrad) []int {
	if o.allRows {
		return nil
	}
	return rowsOf(m)
}

func (o *Optimizer) update(i int, m G.ValueGrad) error {
	switch {
	case o == nil || !o.open:
		return errors.New("Update without Open")
	case i < 0 || i >= len(o.done):
		return errors.Errorf("update of parameter %d of %d", i, len(o.done))
	case o.done[i]:
		return errors.Errorf("a second update of parameter %d in one step", i)
	}
	o.done[i] = true
	s := Step{Workers: o.workers, Number: o.state.count + 1, RateFactor: o.scale}
	if o.settings != nil {
		if o.settings[i].Frozen {
			return nil
		}
		s.NoDecay = o.settings[i].NoDecay
		s.RateFactor *= o.settings[i].factor()
	}
	x, g, err := o.operands(i, m)
	if err != nil {
		return err
	}
	rows, width := o.rowsOf(m), 0
	if rows != nil {
		width = x.Len() / x.Shape[0]
	}
	if x.F32 != nil {
		err = o.rule.Update32(s, Operands[float32]{x.F32, g.F32, o.state.buffers[i].f32, rows, width})
	} else {
		err = o.rule.Update64(s, Operands[float64]{x.F64, g.F64, o.state.buffers[i].f64, rows, width})
	}
	if err != nil { // Wrapf allocates even for nil
		return errors.Wrapf(err, "%s: parameter %d", o.state.kind, i)
	}
	return nil
}
