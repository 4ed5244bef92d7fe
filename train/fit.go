package train

import (
	"context"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Fit trains a model on data and returns what happened. The weights are made in params if they are not there yet, and
// updated in place.
//
// When ctx is cancelled it stops between two steps, saves a last checkpoint if there is a Checkpoint callback, and returns the
// history so far with an error whose cause is ctx.Err().
// A loss that is not a number ends the training with an error that names the step and the layer.
func Fit(ctx context.Context, model nn.Layer, params *nn.Params, data Data, c Config) (*History, error) {
	c, err := c.withDefaults()
	if err == nil {
		err = checkData(data, params)
	}
	if err != nil {
		return nil, errors.Wrap(err, "train")
	}
	workers := kernel.Shared()
	if c.Threads > 0 {
		workers = kernel.NewWorkers(c.Threads)
		defer workers.Close()
	}
	r := &run{
		Config: c, data: data,
		machines:  machines{Cache: graphs.Cache{Model: model, Params: params, Inputs: data.Inputs(), Loss: c.Loss, Seed: c.Seed, Workers: workers}},
		predictor: NewPredictor(model, params, c.Loss, workers),
		state: State{
			Epochs: c.Epochs, Steps: c.Epochs * len(batches(data.Len(), c.Batch)), Params: params, RateFactor: 1,
			History: &History{Metric: c.Metric.Name}, Validated: c.Validation != nil, warn: c.Warn,
		},
		begin: time.Now(),
	}
	for _, m := range c.Metrics {
		r.state.History.Metrics = append(r.state.History.Metrics, m.Name)
	}
	defer r.machines.close()
	if o, ok := c.Optimizer.(Optimizer); ok {
		o.UseWorkers(workers)
		defer o.UseWorkers(nil)
	}
	if err = r.fit(ctx); err != nil {
		r.atFailure(err)
	}
	return r.state.History, errors.Wrap(err, "train")
}

// run is one call of Fit.
type run struct {
	Config
	data      Data
	machines  machines
	predictor *Predictor
	state     State
	begin     time.Time

	// batch is the number of finished batches of the current epoch, and sum that of their losses.
	batch int
	sum   float64
	// stopped says that a callback has ended the training.
	stopped bool

	// For checkpoints: the callback, nil without, what must not change, and what was saved last.
	checkpoint *Checkpoint
	settings   []setting
	saved      moment
}

func (r *run) fit(ctx context.Context) error {
	if err := r.prepare(); err != nil {
		return err
	}
	for !r.stopped && r.state.Epoch < r.Epochs {
		r.state.Epoch++
		err := r.epoch(ctx)
		if r.stopped = errors.Is(err, ErrStop); err != nil && !r.stopped {
			return err
		}
	}
	if err := checkFinite(r.state.Params); err != nil {
		return err
	}
	if err := r.checkpoint.save(r); err != nil {
		return err
	}
	return r.atEnd(ctx)
}

// epoch makes one pass over the data, or the rest of one.
func (r *run) epoch(ctx context.Context) error {
	rows := order(r.data.Len(), r.Seed, r.state.Epoch)
	spans := batches(len(rows), r.Batch)
	next := &prefetcher{run: r}
	defer next.stop()
	start := func(k int) {
		if k < len(spans) {
			next.start(rows[spans[k][0]:spans[k][1]])
		}
	}
	start(r.batch)
	for r.batch < len(spans) {
		if err := ctx.Err(); err != nil {
			return r.interrupted(errors.Wrapf(err, "stopped before step %d of %d", r.state.Step+1, r.state.Steps))
		}
		now := next.wait()
		start(r.batch + 1)
		if err := r.step(ctx, now); err != nil {
			return errors.Wrapf(err, "epoch %d, step %d", r.state.Epoch, r.state.Step)
		}
		r.batch++
		r.sum += r.state.Loss
		if err := r.afterStep(ctx); err != nil {
			return err
		}
		if err := r.checkpoint.afterStep(r, len(spans)); err != nil {
			return err
		}
	}
	return r.endEpoch(ctx, len(spans))
}

// endEpoch validates after an epoch of n batches.
func (r *run) endEpoch(ctx context.Context, n int) error {
	e := Epoch{Number: r.state.Epoch, Step: r.state.Step, Loss: r.sum / float64(n), Rate: r.scale(r.state.Step - 1)}
	if err := r.validate(ctx, &e); err != nil {
		err = errors.Wrapf(err, "epoch %d", r.state.Epoch)
		if ctx.Err() != nil {
			err = r.interrupted(err)
		}
		return err
	}
	e.Seconds = time.Since(r.begin).Seconds()
	r.state.History.Epochs = append(r.state.History.Epochs, e)
	r.batch, r.sum = 0, 0
	stop := r.afterEpoch(ctx)
	if stop != nil && !errors.Is(stop, ErrStop) {
		return stop
	}
	r.stopped = stop != nil
	if err := r.checkpoint.afterEpoch(r); err != nil {
		return err
	}
	return stop
}

// step makes one update of the weights.
func (r *run) step(ctx context.Context, b batch) error {
	if b.err != nil {
		return b.err
	}
	m := b.machine
	if err := m.bind(b.slot); err != nil {
		return err
	}
	m.Noise.SetStep(uint64(r.state.Step))
	r.state.Rate = r.scale(r.state.Step)
	if o, ok := r.Optimizer.(Optimizer); ok {
		o.SetScale(r.state.Rate)
	}
	r.state.Step++
	r.state.Graph = m.Graph
	if o := asByParameter(r.Optimizer); o != nil && !r.updateDue() {
		return r.eagerStep(m, o)
	}
	if err := r.runGraph(m); err != nil {
		return err
	}
	if err := r.beforeUpdate(ctx); err != nil {
		return err
	}
	return r.Optimizer.Step(m.updates)
}

// eagerStep is a step that nobody looks at between the backward pass and the update.
func (r *run) eagerStep(m *machine, o byParameter) error {
	if err := m.eager.begin(o); err != nil {
		return err
	}
	if err := r.runGraph(m); err != nil {
		m.eager.abort()
		return err
	}
	return m.eager.finish()
}

// runGraph computes the loss and the gradients.
func (r *run) runGraph(m *machine) error {
	if err := m.run(); err != nil {
		return err
	}
	if r.state.Loss = m.cost(); !finiteNumber(r.state.Loss) {
		return diagnose(m, r.state.Loss)
	}
	return nil
}

// scale is the factor of the learning rate at a step, counted from 0.
func (r *run) scale(step int) float64 {
	if r.Schedule == nil {
		return r.state.RateFactor
	}
	return r.state.RateFactor * r.Schedule(step, r.state.Steps)
}

func (r *run) validate(ctx context.Context, e *Epoch) error {
	if r.Validation == nil {
		return nil
	}
	result, err := r.predictor.Evaluate(ctx, r.Validation)
	if err != nil {
		return err
	}
	e.ValidationLoss = result.Loss
	if e.ValidationMetric, err = r.Metric.Of(result); err != nil {
		return errors.Wrapf(err, "validation %s", r.Metric.Name)
	}
	for _, m := range r.Metrics {
		value, err := m.Of(result)
		if err != nil {
			return errors.Wrapf(err, "validation %s", m.Name)
		}
		e.ValidationMetrics = append(e.ValidationMetrics, value)
	}
	return nil
}

// updateDue says whether a callback wants to see this step before its update.
func (r *run) updateDue() bool {
	for _, c := range r.Callbacks {
		if _, ok := c.(UpdateCallback); ok && due(c, &r.state) {
			return true
		}
	}
	return false
}

func due(c Callback, s *State) bool {
	d, ok := c.(interface{ UpdateDue(*State) bool })
	return !ok || d.UpdateDue(s)
}

func (r *run) beforeUpdate(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if u, ok := c.(UpdateCallback); ok && due(c, &r.state) {
			if err := u.BeforeUpdate(ctx, &r.state); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) afterStep(ctx context.Context) error {
	for _, c := range r.Callbacks {
		if s, ok := c.(StepCallback); ok {
			if err := s.AfterStep(ctx, &r.state); err != nil {
				return err
			}
		}
	}
	return nil
}

// afterEpoch calls all callbacks, also when one asks for a stop.
func (r *run) afterEpoch(ctx context.Context) (stop error) {
	for _, c := range r.Callbacks {
		err := c.AfterEpoch(ctx, &r.state)
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
		if e, ok := c.(EndCallback); ok {
			if err := e.AtEnd(ctx, &r.state); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) atFailure(err error) {
	for _, c := range r.Callbacks {
		if f, ok := c.(FailureCallback); ok {
			f.AtFailure(&r.state, err)
		}
	}
}
