package tensorboard

import (
	"context"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Log is a callback that writes a training run for TensorBoard. The x-axis is the step number.
//
//	loss/step, rate                each step
//	loss/epoch                     mean over the batches of an epoch
//	validation/loss, validation/.. validation data, each metric by its name, after the epochs that are validated
//	training/loss, training/..     the same for the training rows, if train.Config.TrainingMetrics is set
//	mean/.., variance/..           activations of each layer, and
//	omega/.., tau/..               sums of its weights and of their squares, mean over its units, if a callback.Probes comes before the Log
//	gradient variance/..           of the loss, with respect to the activations of each layer, and
//	weight gradient variance/..    to its weights, if Probes.Gradients is set
//	weights/..                     histogram of each parameter, after each epoch
//
// Each run starts a new file in the folder. When a run resumes from a checkpoint, the new file declares the step from which it replaces the
// earlier ones, so that TensorBoard shows each curve once and without a gap. The same holds for a run from the beginning in a folder that
// is not empty. A write error ends the run.
type Log struct {
	// Dir is the folder of the run, which is created if it does not exist. TensorBoard names the run after it. Another run that uses
	// it at the same time gets an error.
	Dir string
	// EverySteps is the number of steps from one loss to the next. 0 means 1 or, in a run of more than 10,000 steps, a 10,000th of the
	// steps.
	EverySteps int
	// EveryEpochs is the number of epochs from one set of histograms to the next. 0 means 1, and a negative number no histograms.
	EveryEpochs int
	// Now is the clock for the events; nothing else depends on it. Nil means time.Now.
	Now func() time.Time

	history *callback.History // of the run, nil before AtStart
	writer  *writer           // nil before the first event and after the end
	unlock  func() error      // nil while the folder is not locked
	ended   bool
	step    int // the last step that AfterStep has seen
}

// maxLosses is the greatest number of steps for which the file holds every loss.
const maxLosses = 10_000

var (
	_ callback.StartCallback   = (*Log)(nil)
	_ callback.StepCallback    = (*Log)(nil)
	_ callback.EpochCallback   = (*Log)(nil)
	_ callback.EndCallback     = (*Log)(nil)
	_ callback.FailureCallback = (*Log)(nil)
)

// AtStart implements callback.StartCallback. The file is made at the first event.
func (l *Log) AtStart(_ context.Context, s *callback.State) error {
	if l == nil || s == nil || s.History == nil || s.Params == nil {
		return errors.New("tensorboard: there is no log or no run; give it to train.Fit")
	}
	_ = l.close() // of a run that has not ended
	l.history, l.ended, l.step = nil, false, 0
	if l.EverySteps < 0 {
		return errors.Errorf("tensorboard: every %d steps", l.EverySteps)
	}
	if err := makeFolder(l.Dir); err != nil {
		return errors.Wrap(err, "tensorboard")
	}
	unlock, err := output.Lock(filepath.Join(l.Dir, lockName))
	if errors.Is(err, output.ErrLocked) {
		return errors.Wrapf(err, "tensorboard: another run writes to %s", l.Dir)
	}
	if err != nil {
		return errors.Wrap(err, "tensorboard")
	}
	l.history, l.unlock = s.History, unlock
	return nil
}

// AfterStep implements callback.StepCallback.
func (l *Log) AfterStep(_ context.Context, s *callback.State) error {
	if err := l.begin(s); err != nil {
		return errors.Wrap(err, "tensorboard")
	}
	l.step = s.Step
	return errors.Wrap(l.writer.summary(s.Step, l.stepValues(s, s.Rate)), "tensorboard")
}

// stepValues are the values of a step.
func (l *Log) stepValues(s *callback.State, rate float64) []value {
	values := moments(s)
	if l.stepDue(s) {
		values = append(values, scalar("loss/step", s.Loss), scalar("rate", rate))
	}
	return values
}

// stepDue reports whether the loss of this step goes to the file.
func (l *Log) stepDue(s *callback.State) bool {
	every := l.EverySteps
	if every <= 0 {
		every = max(1, s.Steps/maxLosses+min(1, s.Steps%maxLosses))
	}
	return s.Step == 1 || s.Step%every == 0
}

// AfterEpoch implements callback.EpochCallback.
func (l *Log) AfterEpoch(_ context.Context, s *callback.State) error {
	if err := l.begin(s); err != nil {
		return errors.Wrap(err, "tensorboard")
	}
	e := s.LastEpoch()
	if e == nil {
		return errors.New("tensorboard: there is no epoch in the history")
	}
	var values []value
	if l.step != s.Step { // resumed between the step and the end of the epoch: the new file invalidates the step's events in the others
		values = l.stepValues(s, e.Rate)
	}
	values = append(values, scalar("loss/epoch", e.Loss))
	var validation []float64
	if e.Outputs != nil {
		validation = e.Outputs.Validation
		for i, v := range e.Outputs.Training {
			if i < len(s.History.Outputs) {
				values = append(values, scalar("loss/epoch/"+s.History.Outputs[i], v))
			}
		}
	}
	if e.Validated {
		values = append(values, judged(s.History, "validation/", callback.Judgement{
			Loss: e.ValidationLoss, Metric: e.ValidationMetric, Metrics: e.ValidationMetrics, Losses: validation})...)
	}
	if e.Training != nil {
		values = append(values, judged(s.History, "training/", *e.Training)...)
	}
	if every := max(1, l.EveryEpochs); l.EveryEpochs >= 0 && s.Epoch%every == 0 && s.Params != nil {
		for _, p := range s.Params.All() {
			if h, ok := newHistogram(p.Value); ok {
				values = append(values, h.value("weights/"+p.Name))
			}
		}
	}
	err := l.writer.summary(s.Step, values)
	if err == nil {
		err = l.writer.kept()
	}
	return errors.Wrap(err, "tensorboard")
}

// AtEnd implements callback.EndCallback. It closes the file.
func (l *Log) AtEnd(_ context.Context, s *callback.State) error {
	if l == nil || s == nil || l.history != s.History {
		return nil
	}
	l.ended = true
	return errors.Wrap(l.close(), "tensorboard")
}

// close closes the file, if there is one, and gives the folder back.
func (l *Log) close() (err error) {
	if l.writer != nil {
		err = l.writer.close()
	}
	if l.unlock != nil {
		if uerr := l.unlock(); err == nil {
			err = uerr
		}
	}
	l.writer, l.unlock = nil, nil
	return err
}

// AtFailure implements callback.FailureCallback. It closes the file, which holds all events so far.
func (l *Log) AtFailure(*callback.State, error) {
	if l != nil {
		l.ended = l.ended || l.writer != nil
		_ = l.close() // the training has an error already
	}
}

// Scalar adds a number at the current step. Call it from your own callback, passing the State that you received. It returns an error before
// the start and after the end of the run, and for a tag that is empty or not UTF-8.
func (l *Log) Scalar(s *callback.State, tag string, v float64) error {
	if tag == "" || !utf8.ValidString(tag) {
		return errors.Errorf("tensorboard: tag %q", tag)
	}
	if err := l.begin(s); err != nil {
		return errors.Wrapf(err, "tensorboard: %s", tag)
	}
	return errors.Wrap(l.writer.summary(s.Step, []value{scalar(tag, v)}), "tensorboard")
}

// begin begins the file at the first event of a run.
func (l *Log) begin(s *callback.State) (err error) {
	switch {
	case l == nil || s == nil:
		return errors.New("there is no log or no run; give it to train.Fit")
	case l.history == nil || l.history != s.History:
		return errors.New("the run has not started; put the Log before the callbacks that use it")
	case l.ended:
		return errors.New("after the end of the run; put the callback before the Log")
	case l.writer != nil:
		return nil
	}
	now := l.Now
	if now == nil {
		now = time.Now
	}
	l.writer, err = create(l.Dir, s.Step, now)
	return err
}

// judged are the values of a judgement. Each name occurs once: TensorBoard would draw two values of a step as a zigzag.
func judged(h *callback.History, prefix string, j callback.Judgement) []value {
	values := []value{scalar(prefix+"loss", j.Loss)}
	taken := map[string]bool{metric.Loss.Name: true}
	add := func(name string, v float64) {
		if !taken[name] {
			values = append(values, scalar(prefix+name, v))
		}
		taken[name] = true
	}
	add(h.Metric, j.Metric)
	for i, v := range j.Metrics {
		if i < len(h.Metrics) {
			add(h.Metrics[i], v)
		}
	}
	for i, v := range j.Losses {
		if i < len(h.Outputs) {
			add(h.Outputs[i]+" loss", v)
		}
	}
	return values
}

// moments are the values that callback.Probes recorded in this step.
func moments(s *callback.State) (values []value) {
	n := len(s.History.Moments)
	if n == 0 || s.History.Moments[n-1].Step != s.Step {
		return nil
	}
	last := &s.History.Moments[n-1]
	for _, m := range last.Layers {
		values = append(values, scalar("mean/"+m.Name, m.Mean), scalar("variance/"+m.Name, m.Variance),
			scalar("omega/"+m.Name, m.Omega), scalar("tau/"+m.Name, m.Tau))
		if last.HasGradients() {
			values = append(values, scalar("gradient variance/"+m.Name, m.GradientVariance), scalar("weight gradient variance/"+m.Name, m.WeightGradientVariance))
		}
	}
	return values
}
