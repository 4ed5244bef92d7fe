package optim

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Accumulator averages the gradients of several batches, so that a step of the optimizer covers the rows of all of them. Create one with
// NewAccumulator for each network, and add the gradients of each batch; when Add reports that the mean is ready, pass Mean to the
// optimizer's Apply. It is not safe for concurrent use.
//
// Results are bit-equal for any number of threads.
type Accumulator struct {
	batches int
	workers *kernel.Workers
	state   memory // its count is the number of batches added since the last mean
	ready   bool
	mean    []G.ValueGrad
	sweep   sweep
}

// NewAccumulator returns an accumulator that averages the gradients of the given number of batches, at least 1.
func NewAccumulator(batches int) (*Accumulator, error) {
	if err := check("optim: accumulator", []setting{count("batches", batches, 1)}); err != nil {
		return nil, err
	}
	return &Accumulator{batches: batches, state: memory{kind: "accumulator", names: []string{"sum"}}}, nil
}

// UseWorkers sets the thread pool; nil, the default, means the caller's thread alone.
func (a *Accumulator) UseWorkers(w *kernel.Workers) {
	if a != nil {
		a.workers = w
	}
}

// Batches returns the number of batches per mean.
func (a *Accumulator) Batches() int {
	if a == nil {
		return 0
	}
	return a.batches
}

// Pending returns the number of batches added since the last mean.
func (a *Accumulator) Pending() int {
	if a == nil {
		return 0
	}
	return a.state.count
}

// Add adds the gradients of a batch without changing them. It reports whether the mean is ready. Every call must get the same list of
// parameters; a row-sparse gradient is an error.
func (a *Accumulator) Add(model []G.ValueGrad) (ready bool, err error) {
	defer recovered(&err, "a gradient")
	ready, err = a.add(model)
	return ready, errors.Wrap(err, "optim: accumulator")
}

func (a *Accumulator) add(model []G.ValueGrad) (ready bool, err error) {
	if a == nil || a.batches == 0 {
		return false, errors.New("not made by NewAccumulator")
	}
	a.ready = false
	if err := a.state.length(len(model)); err != nil {
		return false, err
	}
	for i, m := range model {
		x, _, err := valueAndGrad(i, m)
		if err == nil && rowsOf(m) != nil {
			err = errors.Errorf("parameter %d has a row-sparse gradient", i)
		}
		if err == nil {
			err = a.state.fits(i, x)
		}
		if err != nil {
			return false, err
		}
	}
	a.open(model)
	last := a.state.count+1 == a.batches
	for i, m := range model {
		_, g, err := valueAndGrad(i, m)
		if err != nil {
			return false, err
		}
		op := opAdd
		switch {
		case a.state.count == 0:
			op = opCopy
		case last:
			op = opMean
		}
		a.sweep.run(a.workers, op, a.state.at(i, 0), g, float64(a.batches))
		a.mean[i].(*mean).value = m.Value()
	}
	a.state.count++
	if last {
		a.state.count = 0
	}
	a.ready = last
	return last, nil
}

// open creates the buffers and the list for Mean if they are missing.
func (a *Accumulator) open(model []G.ValueGrad) {
	if a.state.forms == nil {
		forms := make([]form, len(model))
		for i, m := range model {
			x, _ := valueOf(i, m)
			forms[i] = formOf(x)
		}
		a.state.make(forms)
	}
	if len(a.mean) == len(model) {
		return
	}
	a.mean = make([]G.ValueGrad, len(model))
	for i, f := range a.state.forms {
		x := a.state.at(i, 0)
		m := &mean{}
		if x.F32 != nil {
			m.grad = tensor.New(tensor.WithShape(f.tensorShape()...), tensor.WithBacking(x.F32))
		} else {
			m.grad = tensor.New(tensor.WithShape(f.tensorShape()...), tensor.WithBacking(x.F64))
		}
		a.mean[i] = m
	}
}

// mean is a parameter and its mean gradient.
type mean struct {
	value G.Value
	grad  *tensor.Dense
}

func (m *mean) Value() G.Value         { return m.value }
func (m *mean) Grad() (G.Value, error) { return m.grad, nil }

// Mean returns the parameters of the last Add with their mean gradients, which are valid until the next Add. It returns nil
// if the last Add did not report that the mean is ready.
func (a *Accumulator) Mean() []G.ValueGrad {
	if a == nil || !a.ready {
		return nil
	}
	return a.mean
}

// Snapshot implements Stateful. The state is the sum of the gradients added since the last mean.
func (a *Accumulator) Snapshot() (Snapshot, error) {
	if a == nil || a.batches == 0 {
		return Snapshot{}, errors.New("optim: accumulator: not made by NewAccumulator")
	}
	state := a.state
	if state.count == 0 { // the buffers hold nothing useful any more
		state.forms, state.buffers = nil, nil
	}
	s, err := state.snapshot()
	return s, errors.Wrap(err, "optim")
}

// Restore implements Stateful. A state with as many batches as this accumulator averages, or more, is an error.
func (a *Accumulator) Restore(s Snapshot) error {
	if a == nil || a.batches == 0 {
		return errors.New("optim: accumulator: not made by NewAccumulator")
	}
	restored := a.state
	if err := restored.restore(s); err != nil {
		return errors.Wrap(err, "optim")
	}
	if restored.count >= a.batches {
		return errors.Errorf("optim: accumulator: the state has the gradients of %d batches, want fewer than %d", restored.count, a.batches)
	}
	a.state, a.ready, a.mean = restored, false, nil
	return nil
}
