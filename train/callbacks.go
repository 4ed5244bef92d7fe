package train

import (
	"context"
	"math"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
)

// each calls a method of the callbacks that have it, in order, until one returns an error. ErrStop is returned after all have been called.
func each[C any](callbacks []Callback, method string, f func(C) error) (stop error) {
	for _, c := range callbacks {
		has, ok := c.(C)
		if !ok {
			continue
		}
		err := call(c, method, func() error { return f(has) })
		if err != nil && !errors.Is(err, ErrStop) {
			return err
		}
		if err != nil {
			stop = err
		}
	}
	return stop
}

// call calls a method of a callback and returns a panic as an error that names it.
func call(c Callback, method string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Errorf("%s of the callback %T: panic: %v\n%s", method, c, p, debug.Stack())
		}
	}()
	return f()
}

// atStart starts the callbacks. It keeps a list of them, because atFailure calls only callbacks that have been started.
func (r *run) atStart(ctx context.Context) (stop error) {
	for i := range r.Callbacks {
		r.started = r.Callbacks[:i+1]
		err := each(r.started[i:], "AtStart", func(c callback.StartCallback) error { return c.AtStart(ctx, &r.state) })
		if err != nil && !errors.Is(err, ErrStop) {
			return err
		}
		if err != nil {
			stop = err
		}
	}
	return stop
}

// updateDue finds out which callbacks see this step before its update, and reports whether there are any.
func (r *run) updateDue() (bool, error) {
	r.due = r.due[:0]
	for _, c := range r.Callbacks {
		_, due := c.(callback.UpdateCallback)
		if s, ok := c.(callback.SparseUpdateCallback); ok {
			if err := call(c, "UpdateDue", func() error { due = s.UpdateDue(&r.state); return nil }); err != nil {
				return false, err
			}
		}
		if due {
			r.due = append(r.due, c)
		}
	}
	return len(r.due) > 0, nil
}

// beforeUpdate calls the callbacks that updateDue has found. If one stops the run, the update is not made and the step does not count.
func (r *run) beforeUpdate(ctx context.Context) error {
	err := each(r.due, "BeforeUpdate", func(c callback.UpdateCallback) error { return c.BeforeUpdate(ctx, &r.state) })
	if errors.Is(err, ErrStop) {
		r.state.Step--
	}
	return err
}

func (r *run) afterStep(ctx context.Context) error {
	return each(r.Callbacks, "AfterStep", func(c callback.StepCallback) error { return c.AfterStep(ctx, &r.state) })
}

func (r *run) afterEpoch(ctx context.Context) error {
	return each(r.Callbacks, "AfterEpoch", func(c callback.EpochCallback) error { return c.AfterEpoch(ctx, &r.state) })
}

func (r *run) atEnd(ctx context.Context) error {
	return unlessStop(each(r.Callbacks, "AtEnd", func(c callback.EndCallback) error { return c.AtEnd(ctx, &r.state) }))
}

// atFailure calls the callbacks. A panic of one must not hide the error that ends the run.
func (r *run) atFailure(err error) {
	for _, c := range r.started {
		if f, ok := c.(callback.FailureCallback); ok {
			if failed := call(c, "AtFailure", func() error { f.AtFailure(&r.state, err); return nil }); failed != nil {
				r.state.Warn(failed.Error())
			}
		}
	}
}

// unlessStop returns err, but nil for ErrStop.
func unlessStop(err error) error {
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}

// checkFinite returns an error that names the first parameter with an element that is not a finite number.
func checkFinite(p *nn.Params) error {
	for _, x := range p.All() {
		if !callback.Finite(x.Value) {
			return errors.Wrapf(ErrDiverged, "parameter %q in the last step; lower the learning rate", x.Name)
		}
	}
	return nil
}

func finiteNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
