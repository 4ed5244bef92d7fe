package train

import (
	"context"
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
)

// call calls a method of a callback; a panic is an error that names it.
func call(c Callback, method string, f func() error) (err error) {
	defer data.Recover(fmt.Sprintf("%s of the callback %T", method, c), &err)
	return f()
}

func (r *run) atStart(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if s, ok := c.(callback.StartCallback); ok {
			if err := call(c, "AtStart", func() error { return s.AtStart(ctx, &r.state) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// updateDue reports whether a callback wants to see this step before its update.
func (r *run) updateDue() bool {
	for _, c := range r.Callbacks {
		if _, ok := c.(callback.UpdateCallback); ok && r.due(c) {
			return true
		}
	}
	return false
}

// due asks a callback whether it wants to see this step. If it panics it is asked again by its BeforeUpdate, whose panic is an error.
func (r *run) due(c Callback) (due bool) {
	s, ok := c.(callback.SparseUpdateCallback)
	if !ok {
		return true
	}
	defer func() {
		if recover() != nil {
			due = true
		}
	}()
	return s.UpdateDue(&r.state)
}

func (r *run) beforeUpdate(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if u, ok := c.(callback.UpdateCallback); ok && r.due(c) {
			err := call(c, "BeforeUpdate", func() error { return u.BeforeUpdate(ctx, &r.state) })
			if errors.Is(err, ErrStop) {
				r.state.Step-- // its update is not made
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) afterStep(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if s, ok := c.(callback.StepCallback); ok {
			if err := call(c, "AfterStep", func() error { return s.AfterStep(ctx, &r.state) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// afterEpoch calls all callbacks, also when one asks for a stop.
func (r *run) afterEpoch(ctx context.Context) (stop error) {
	for _, c := range r.Callbacks {
		e, ok := c.(callback.EpochCallback)
		if !ok {
			continue
		}
		err := call(c, "AfterEpoch", func() error { return e.AfterEpoch(ctx, &r.state) })
		if err != nil && !errors.Is(err, ErrStop) {
			return err
		}
		if err != nil {
			stop = err
		}
	}
	return stop
}

func (r *run) atEnd(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if e, ok := c.(callback.EndCallback); ok {
			if err := call(c, "AtEnd", func() error { return e.AtEnd(ctx, &r.state) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// atFailure calls the callbacks; their panics must not hide the error that they are told.
func (r *run) atFailure(err error) {
	for _, c := range r.Callbacks {
		if f, ok := c.(callback.FailureCallback); ok {
			if failed := call(c, "AtFailure", func() error { f.AtFailure(&r.state, err); return nil }); failed != nil {
				r.state.Warn(failed.Error())
			}
		}
	}
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
