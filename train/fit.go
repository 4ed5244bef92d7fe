package train

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Fit trains a model on data and returns what happened. The weights are made in params if they are not there yet, and
// updated in place.
//
// When ctx is cancelled it stops between two steps and returns the history so far with an error whose cause is ctx.Err().
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
		state:     State{Epochs: c.Epochs, Steps: c.Epochs * len(batches(data.Len(), c.Batch)), Params: params, History: &History{Metric: c.Metric.Name}},
	}
	defer r.machines.close()
	if o, ok := c.Optimizer.(Optimizer); ok {
		o.UseWorkers(workers)
		defer o.UseWorkers(nil)
	}
	err = r.fit(ctx)
	return r.state.History, errors.Wrap(err, "train")
}

// run is one call of Fit.
type run struct {
	Config
	data      Data
	machines  machines
	predictor *Predictor
	state     State
}

func (r *run) fit(ctx context.Context) error {
	for r.state.Epoch < r.Epochs {
		r.state.Epoch++
		err := r.epoch(ctx)
		if errors.Is(err, ErrStop) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := checkFinite(r.state.Params); err != nil {
		return err
	}
	return r.atEnd(ctx)
}

// epoch makes one pass over the data.
func (r *run) epoch(ctx context.Context) error {
	rows := order(r.data.Len(), r.Seed, r.state.Epoch)
	spans := batches(len(rows), r.Batch)
	next := &prefetcher{run: r}
	defer next.stop()
	next.start(rows[spans[0][0]:spans[0][1]])
	sum := 0.0
	for k := range spans {
		if err := ctx.Err(); err != nil {
			return errors.Wrapf(err, "stopped before step %d of %d", r.state.Step+1, r.state.Steps)
		}
		now := next.wait()
		if k+1 < len(spans) {
			next.start(rows[spans[k+1][0]:spans[k+1][1]])
		}
		if err := r.step(now); err != nil {
			return errors.Wrapf(err, "epoch %d, step %d", r.state.Epoch, r.state.Step)
		}
		sum += r.state.Loss
		if err := r.afterStep(ctx); err != nil {
			return err
		}
	}
	e := Epoch{Number: r.state.Epoch, Loss: sum / float64(len(spans)), Rate: r.scale()}
	if err := r.validate(ctx, &e); err != nil {
		return errors.Wrapf(err, "epoch %d", r.state.Epoch)
	}
	r.state.History.Epochs = append(r.state.History.Epochs, e)
	return r.afterEpoch(ctx)
}

// step makes one update of the weights.
func (r *run) step(b batch) error {
	if b.err != nil {
		return b.err
	}
	m := b.machine
	if err := m.bind(b.slot); err != nil {
		return err
	}
	m.Noise.SetStep(uint64(r.state.Step))
	if o, ok := r.Optimizer.(Optimizer); ok && r.Schedule != nil {
		o.SetScale(r.Schedule(r.state.Step, r.state.Steps))
	}
	r.state.Step++
	if err := m.run(); err != nil {
		return err
	}
	if r.state.Loss = m.cost(); math.IsNaN(r.state.Loss) || math.IsInf(r.state.Loss, 0) {
		return diagnose(m, r.state.Loss)
	}
	return r.Optimizer.Step(m.updates)
}

// scale is the factor of the learning rate at the last step.
func (r *run) scale() float64 {
	if r.Schedule == nil {
		return 1
	}
	return r.Schedule(r.state.Step-1, r.state.Steps)
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
	e.ValidationMetric, err = r.Metric.Of(result)
	return errors.Wrapf(err, "validation %s", r.Metric.Name)
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
