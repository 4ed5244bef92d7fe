package train

import "github.com/pkg/errors"

// Predictions are the outputs of a network for a number of rows.
type Predictions struct {
	// Rows and Outputs are the numbers of rows and columns of Values.
	Rows, Outputs int
	// Values are row-major: probabilities, or the output itself for a regression.
	Values []float64
}

// Row returns the predictions of one row.
func (p *Predictions) Row(i int) []float64 { return p.Values[i*p.Outputs : (i+1)*p.Outputs] }

// Result is what a network says of labelled data.
type Result struct {
	Predictions
	// Classes says that Labels holds one class index per row. Otherwise Labels and Weights have the layout of Values.
	Classes bool
	Labels  []float64
	Weights []float64
	// Loss is the mean loss over the observed labels.
	Loss float64
}

// Tasks returns the number of tasks, each with a score and a label per row: the outputs, where for classes each class
// is a task against the rest.
func (r *Result) Tasks() int { return r.Outputs }

// Task returns the scores and labels of one task, observed labels only.
func (r *Result) Task(task int) (scores, labels []float64) {
	for i := range r.Rows {
		k := i*r.Outputs + task
		switch {
		case r.Classes && int(r.Labels[i]) == task:
			labels = append(labels, 1)
		case r.Classes:
			labels = append(labels, 0)
		case r.Weights[k] > 0:
			labels = append(labels, r.Labels[k])
		default:
			continue
		}
		scores = append(scores, r.Values[k])
	}
	return scores, labels
}

// check returns an error if the parts do not fit together.
func (r *Result) check() error {
	labels, weights := len(r.Values), len(r.Values)
	if r.Classes {
		labels, weights = r.Rows, len(r.Weights)
	}
	if r.Rows < 0 || r.Outputs < 0 || len(r.Values) != r.Rows*r.Outputs || len(r.Labels) != labels || len(r.Weights) != weights {
		return errors.Errorf("a result of %d rows and %d outputs has %d values, %d labels and %d weights",
			r.Rows, r.Outputs, len(r.Values), len(r.Labels), len(r.Weights))
	}
	return nil
}
