package train

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/optim"
)

// Checkpoint holds the settings by which a run is saved and resumed.
type Checkpoint = checkpoint.Settings

// moment identifies a checkpoint of a run.
type moment struct {
	step, epochs int
	stopped      bool
}

// prepare takes over the state to continue from, if there is one, and makes sure that several processes begin with the same.
func (r *run) prepare(ctx context.Context) error {
	if r.Parallel == nil {
		return r.prepareCheckpoint()
	}
	weights, err := weightsSum(r.state.Params)
	if err != nil {
		return err
	}
	if err := r.prepareCheckpoint(); err != nil {
		return err
	}
	return r.agree(ctx, weights)
}

// prepareCheckpoint opens the folder for checkpoints and takes over the one to continue from, if the configuration asks for that.
func (r *run) prepareCheckpoint() error {
	c := r.Checkpoint
	if c == nil {
		return nil
	}
	if err := c.Check(r.Validation != nil); err != nil {
		return errors.Wrap(err, "checkpoint")
	}
	var err error
	if r.unlock, err = c.Open(); err != nil {
		return errors.Wrap(err, "checkpoint")
	}
	m, err := r.firstMachine()
	if err != nil {
		return err
	}
	if r.settings, err = r.describe(m); err != nil {
		return err
	}
	if text, err := r.net.Describe(); err == nil { // a network that cannot be saved is known to its program alone
		r.description = text
	}
	path, f, warnings, err := c.FindFor(r.state.Params, func(path string, p checkpoint.Position) error {
		if p.Batches == nil { // of version 0.1, which the rest of the file has to explain
			return nil
		}
		return r.compatible(path, p)
	})
	if err != nil || path == "" {
		return errors.Wrap(err, "resume")
	}
	if err := r.resume(path, f); err != nil {
		return errors.Wrapf(err, "resume: %s", path)
	}
	for _, w := range warnings {
		r.state.Warn(w)
	}
	return nil
}

// resume takes over the state in a checkpoint.
func (r *run) resume(path string, f tensorfile.File) error {
	p, err := checkpoint.Parse(f)
	if err != nil {
		return err
	}
	if err := r.compatible(path, p); err != nil {
		return err
	}
	history, err := checkpoint.Restore(f, p, r.parts())
	if err != nil {
		return err
	}
	r.restored(p, history)
	if p.Sealed != nil && filepath.Clean(filepath.Dir(path)) == filepath.Clean(r.Checkpoint.Dir) {
		r.sealed = *p.Sealed
	}
	if now := kernels(); now != p.Kernels {
		r.state.Warn(fmt.Sprintf("resumed at step %d with the kernels %s after %s: the results are not bit-equal to those of an uninterrupted run",
			p.Step, now, p.Kernels))
	}
	return nil
}

// restored takes over the position and the history of a checkpoint.
func (r *run) restored(p checkpoint.Position, history *History) {
	history.Warnings = append(history.Warnings, r.state.History.Warnings...)
	history.ResumedAt = p.Step
	for i := range history.Epochs { // version 0.1 validated after each epoch and did not note it
		e := &history.Epochs[i]
		e.Validated = e.Validated || p.Batches == nil && r.Validation != nil
	}
	*r.state.History = *history
	r.state.Resumed = true
	r.state.Step, r.state.Loss, r.state.RateFactor = p.Step, p.Loss, p.RateFactor
	r.state.Epoch, r.batch, r.sum, r.stopped = p.Epochs, p.Batch, p.LossSum, p.Stopped
	copy(r.sums, p.LossSums)
	if r.batches = p.Step; p.Batches != nil {
		r.batches = *p.Batches
	}
	if p.Stopped {
		r.state.Epoch = p.Epoch
	}
	r.begin = time.Now().Add(-time.Duration(p.Seconds * float64(time.Second)))
	r.saved = moment{p.Step, p.Epochs, p.Stopped}
}

// parts returns what a checkpoint holds of the run.
func (r *run) parts() checkpoint.State {
	s := checkpoint.State{Params: r.state.Params, History: r.state.History, Optimizer: r.optimizer}
	if r.average != nil {
		s.Average = r.average
	}
	for _, c := range r.Callbacks {
		if c, ok := c.(optim.Stateful); ok {
			s.Stateful = append(s.Stateful, c)
		}
	}
	s.Network = r.description
	if r.Checkpoint != nil && r.Checkpoint.Dir != "" {
		s.Sealed = &r.sealed
	}
	batches := r.batches
	s.Position = checkpoint.Position{
		Epochs: len(r.state.History.Epochs), Batch: r.batch, LossSum: r.sum, LossSums: slices.Clone(r.sums), Step: r.state.Step, Steps: r.state.Steps, Batches: &batches,
		Epoch: r.state.Epoch, Loss: r.state.Loss, RateFactor: r.state.RateFactor, Stopped: r.stopped, Seconds: time.Since(r.begin).Seconds(),
		Kernels: kernels(), Config: r.settings,
	}
	return s
}

// write writes the state of the run, and reports whether that succeeded. Weights that are not finite numbers end it instead.
func (r *run) write(path string) (written bool, err error) {
	if err := checkFinite(r.state.Params); err != nil {
		return false, err
	}
	parts := r.parts()
	if parts.Schedule, err = r.factors(); err != nil {
		return false, errors.Wrap(err, "checkpoint")
	}
	if err := checkpoint.Write(path, parts); err != nil {
		return false, r.failed(errors.Wrap(err, "checkpoint"))
	}
	return true, nil
}

// save writes a checkpoint if there is none of this moment, and removes the oldest ones.
func (r *run) save() error {
	now := moment{r.state.Step, len(r.state.History.Epochs), r.stopped}
	if r.Checkpoint == nil || r.Checkpoint.Dir == "" || r.state.Step == 0 || r.saved == now {
		return nil
	}
	if written, err := r.write(r.Checkpoint.Path(r.state.Step)); err != nil || !written {
		return err
	}
	r.saved = now
	return r.failed(errors.Wrap(r.Checkpoint.Prune(r.state.Step), "checkpoint"))
}

// failed asks Checkpoint.Failed whether an error ends the run.
func (r *run) failed(err error) error {
	if err == nil || r.Checkpoint.Failed == nil {
		return err
	}
	return r.Checkpoint.Failed(err)
}

// saveAfterStep saves if it is time. At the end of an epoch saveAfterEpoch does.
func (r *run) saveAfterStep() error {
	if r.Checkpoint == nil || r.batch == r.batchesPerEpoch || !r.Checkpoint.StepDue(r.state.Step) {
		return nil
	}
	return r.save()
}

// saveAfterEpoch saves if it is time.
func (r *run) saveAfterEpoch() error {
	c := r.Checkpoint
	if c == nil || c.Dir == "" {
		return nil
	}
	if c.Best && r.isBest() {
		if _, err := r.write(c.BestPath()); err != nil {
			return err
		}
	}
	if c.EpochDue(r.state.Epoch, r.state.Step) {
		return r.save()
	}
	return nil
}

// isBest reports whether the last epoch has the best value of the metric so far.
func (r *run) isBest() bool {
	candidate := func(e *Epoch) bool { return e.Validated && finiteNumber(e.ValidationMetric) }
	epochs := r.state.History.Epochs
	last := len(epochs) - 1
	for ; r.compared < last; r.compared++ {
		e := &epochs[r.compared]
		if candidate(e) && (r.best == nil || r.Metric.Better(e.ValidationMetric, *r.best)) {
			r.best = new(e.ValidationMetric)
		}
	}
	return candidate(&epochs[last]) && (r.best == nil || r.Metric.Better(epochs[last].ValidationMetric, *r.best))
}

// interrupted saves a last checkpoint of a run that ends with an error between two steps.
func (r *run) interrupted(err error) error {
	if failure := r.save(); failure != nil {
		return fmt.Errorf("%w; the last steps are not saved: %w", err, failure)
	}
	return err
}

// kernels names what computes: results are bit-equal where it is the same.
func kernels() string { return runtime.GOARCH + " " + kernel.CPU() }
