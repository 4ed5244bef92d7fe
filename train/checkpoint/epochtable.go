package checkpoint

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/callback"
)

// The columns of an epoch, before one for each of History.Metrics, and the same for the training rows if they were judged. In the end are
// the losses of each of History.Outputs: in training, on the validation data, and on the training rows if they were judged.
var epochColumns = []string{"number", "step", "seconds", "loss", "rate", "parts", "validation loss", "validation metric"}

// Bits of the column "parts", which say what an epoch has.
const (
	hasValidation = 1 << iota
	hasMetrics
	hasTraining
	hasTrainingMetrics
	hasLosses
	hasValidationLosses
	hasTrainingLosses
)

// columnsOf returns the columns of a table of epochs.
func columnsOf(metrics, outputs []string, training bool) []string {
	columns := slices.Clone(epochColumns)
	add := func(prefix string, names []string) {
		for _, name := range names {
			columns = append(columns, prefix+name)
		}
	}
	add("validation ", metrics)
	if training {
		columns = append(columns, "training loss", "training metric")
		add("training ", metrics)
	}
	add("loss of ", outputs)
	add("validation loss of ", outputs)
	if training {
		add("training loss of ", outputs)
	}
	return columns
}

// epochTable returns epochs as a table. ok is false if they do not have the form in which Fit makes them.
func epochTable(epochs []callback.Epoch, metrics, outputs []string) (t table, ok bool) {
	training := slices.ContainsFunc(epochs, func(e callback.Epoch) bool { return e.Training != nil })
	t.columns = columnsOf(metrics, outputs, training)
	t.values = make([]float64, 0, len(epochs)*len(t.columns))
	for i := range epochs {
		e := &epochs[i]
		if int(float64(e.Number)) != e.Number || int(float64(e.Step)) != e.Step {
			return t, false
		}
		at, parts := len(t.values), 0
		t.values = append(t.values, float64(e.Number), float64(e.Step), e.Seconds, e.Loss, e.Rate, 0, e.ValidationLoss, e.ValidationMetric)
		ok = true
		add := func(values []float64, n, bit int) {
			switch len(values) {
			case 0:
				t.values = append(t.values, make([]float64, n)...)
			case n:
				t.values = append(t.values, values...)
				parts |= bit
			default:
				ok = false
			}
		}
		add(e.ValidationMetrics, len(metrics), hasMetrics)
		judged := e.Training
		if judged == nil {
			judged = &callback.Judgement{}
		}
		if training {
			t.values = append(t.values, judged.Loss, judged.Metric)
			add(judged.Metrics, len(metrics), hasTrainingMetrics)
		}
		var losses callback.OutputLosses
		if e.Outputs != nil {
			losses = *e.Outputs
		}
		add(losses.Training, len(outputs), hasLosses)
		add(losses.Validation, len(outputs), hasValidationLosses)
		if training {
			add(judged.Losses, len(outputs), hasTrainingLosses)
		}
		if e.Validated {
			parts |= hasValidation
		}
		if e.Training != nil {
			parts |= hasTraining
		}
		if !ok {
			return t, false
		}
		t.values[at+5] = float64(parts)
	}
	return t, true
}

// epochs returns the epochs of a table. metrics and outputs are the numbers of History.Metrics and History.Outputs.
func (t *table) epochs(metrics, outputs int) ([]callback.Epoch, error) {
	if t.rows() == 0 {
		return nil, nil
	}
	base := len(epochColumns)
	short, long := base+metrics+2*outputs, base+2*metrics+2+3*outputs
	if n := len(t.columns); n != short && n != long || !slices.Equal(t.columns[:base], epochColumns) {
		return nil, errors.Errorf("the epochs have the columns %q, want %q and those of %d metrics", t.columns, epochColumns, metrics)
	}
	epochs := make([]callback.Epoch, t.rows())
	shared := make([]float64, 0, (len(t.columns)-base)*len(epochs)) // of all lists, to need no memory for each
	for i := range epochs {
		x := t.row(i)
		parts := int(x[5])
		e := callback.Epoch{
			Number: int(x[0]), Step: int(x[1]), Seconds: x[2], Loss: x[3], Rate: x[4], Validated: parts&hasValidation != 0,
			ValidationLoss: x[6], ValidationMetric: x[7],
		}
		rest := x[base:]
		take := func(n, bit int) (values []float64) {
			if parts&bit != 0 {
				begin := len(shared)
				shared = append(shared, rest[:n]...)
				values = shared[begin:len(shared):len(shared)]
			}
			rest = rest[n:]
			return values
		}
		e.ValidationMetrics = take(metrics, hasMetrics)
		var judged callback.Judgement
		if len(x) == long {
			judged.Loss, judged.Metric, rest = rest[0], rest[1], rest[2:]
			judged.Metrics = take(metrics, hasTrainingMetrics)
		}
		training, validation := take(outputs, hasLosses), take(outputs, hasValidationLosses)
		if training != nil {
			e.Outputs = &callback.OutputLosses{Training: training, Validation: validation}
		}
		if len(x) == long {
			judged.Losses = take(outputs, hasTrainingLosses)
			if parts&hasTraining != 0 {
				e.Training = &callback.Judgement{Loss: judged.Loss, Metric: judged.Metric, Metrics: judged.Metrics, Losses: judged.Losses}
			}
		}
		epochs[i] = e
	}
	return epochs, nil
}
