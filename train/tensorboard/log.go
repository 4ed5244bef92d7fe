package tensorboard

import (
	"context"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

// Log is a train.Callback that writes what TensorBoard shows of a training. The x-axis are the steps of the run.
//
//	loss/step, rate                of the steps
//	loss/epoch                     mean over the batches of an epoch
//	validation/loss, validation/.. of the validation data, for each metric by its name
//	mean/.., variance/..           of the activations of each layer, and
//	omega/.., tau/..               sums of its weights and of their squares, mean over its units, if a train.Probes is among the callbacks
//	weights/..                     histogram of each parameter, after each epoch
//
// Each run begins a new file in the folder. After train.Config.Resume, the file says from which step on it replaces the ones before it,
// so that TensorBoard shows each curve once, without a gap. So does a run from the beginning in a folder that is not empty.
// An error of writing ends the run.
type Log struct {
	// Dir is the folder of the run, made if it does not exist. TensorBoard names the run by it. One run at a time may use it.
	Dir string
	// EverySteps is the number of steps from one loss to the next. 0 means 1, but in a run of more than 10,000 steps a 10,000th of it.
	EverySteps int
	// EveryEpochs is the number of epochs from one set of histograms to the next. 0 means 1, and a negative number no histograms.
	EveryEpochs int
	// Now is the clock of the events, which nothing else depends on. Nil means time.Now.
	Now func() time.Time

	history *train.History // of the run that the file is of
	writer  *writer
}

// maxLosses is the number of steps up to which each has its loss in the file.
const maxLosses = 10_000

// AfterStep implements train.StepCallback.
func (l *Log) AfterStep(_ context.Context, s *train.State) error {
	if err := l.begin(s); err != nil {
		return err
	}
	return errors.Wrap(l.writer.summary(s.Step, l.step(s, s.Rate)), "tensorboard")
}

// step are the values of a step.
func (l *Log) step(s *train.State, rate float64) []value {
	values := moments(s)
	if l.stepDue(s) {
		values = append(values, scalar("loss/step", s.Loss), scalar("rate", rate))
	}
	return values
}

// stepDue says that this step has its loss in the file.
func (l *Log) stepDue(s *train.State) bool {
	every := l.EverySteps
	if every == 0 {
		every = max(1, (s.Steps+maxLosses-1)/maxLosses)
	}
	return s.Step == 1 || s.Step%every == 0
}

// AfterEpoch implements train.Callback.
func (l *Log) AfterEpoch(_ context.Context, s *train.State) error {
	e := s.History.Epochs[len(s.History.Epochs)-1]
	var values []value
	if l.history != s.History { // resumed between the step and the end of the epoch: what there is of the step will be void
		values = l.step(s, e.Rate)
	}
	if err := l.begin(s); err != nil {
		return err
	}
	values = append(values, scalar("loss/epoch", e.Loss))
	if s.Validated {
		values = append(values, validation(s.History, e)...)
	}
	if every := max(1, l.EveryEpochs); l.EveryEpochs >= 0 && s.Epoch%every == 0 {
		for _, p := range s.Params.All() {
			if h, ok := newHistogram(p.Value); ok {
				values = append(values, h.value("weights/"+p.Name))
			}
		}
	}
	return errors.Wrap(l.writer.summary(s.Step, values), "tensorboard")
}

// AtEnd implements train.EndCallback. It closes the file.
func (l *Log) AtEnd(_ context.Context, s *train.State) error {
	if l.writer == nil || l.history != s.History {
		return nil
	}
	err := l.writer.close()
	l.writer = nil
	return errors.Wrap(err, "tensorboard")
}

// AtFailure implements train.FailureCallback. It closes the file, which holds all events so far.
func (l *Log) AtFailure(*train.State, error) {
	if l.writer != nil {
		l.writer.close()
		l.writer = nil
	}
}

// Scalar adds a number at the present step, for callbacks of one's own, which call it in a method of theirs with the state they get
// there. It is an error after the end of the run.
func (l *Log) Scalar(s *train.State, tag string, v float64) error {
	if err := l.begin(s); err != nil {
		return err
	}
	if l.writer == nil {
		return errors.Errorf("tensorboard: %s after the end of the run; put the callback before the Log", tag)
	}
	return errors.Wrap(l.writer.summary(s.Step, []value{scalar(tag, v)}), "tensorboard")
}

// begin begins the file at the first call of a run.
func (l *Log) begin(s *train.State) error {
	if l.history == s.History {
		return nil
	}
	if l.EverySteps < 0 {
		return errors.Errorf("tensorboard: every %d steps", l.EverySteps)
	}
	now := l.Now
	if now == nil {
		now = time.Now
	}
	w, err := create(l.Dir, s.Step, now)
	if err != nil {
		return errors.Wrap(err, "tensorboard")
	}
	l.writer, l.history = w, s.History
	return nil
}

// validation are the values of the validation data. Each name counts once: TensorBoard would draw two values of a step as a zigzag.
func validation(h *train.History, e train.Epoch) []value {
	values := []value{scalar("validation/loss", e.ValidationLoss)}
	taken := map[string]bool{train.Loss.Name: true}
	add := func(name string, v float64) {
		if !taken[name] {
			values = append(values, scalar("validation/"+name, v))
		}
		taken[name] = true
	}
	add(h.Metric, e.ValidationMetric)
	for i, v := range e.ValidationMetrics {
		add(h.Metrics[i], v)
	}
	return values
}

// moments are what train.Probes saw of the layers in this step.
func moments(s *train.State) (values []value) {
	n := len(s.History.Moments)
	if n == 0 || s.History.Moments[n-1].Step != s.Step {
		return nil
	}
	for _, m := range s.History.Moments[n-1].Layers {
		values = append(values, scalar("mean/"+m.Name, m.Mean), scalar("variance/"+m.Name, m.Variance),
			scalar("omega/"+m.Name, m.Omega), scalar("tau/"+m.Name, m.Tau))
	}
	return values
}
