package metric

import (
	"math"

	"github.com/pkg/errors"
)

// maxOutputs is the greatest number of outputs of a result, beyond any network.
const maxOutputs = math.MaxInt32

// Predictions are the outputs of a network for a number of rows.
type Predictions struct {
	// Rows and Outputs are the numbers of rows and columns of Values.
	Rows, Outputs int
	// Values are row-major: probabilities, or the output itself for a regression.
	Values []float64
}

// Row returns the predictions of row i, which share memory with p. It returns nil if there is no such row.
func (p *Predictions) Row(i int) []float64 {
	if p == nil || i < 0 || p.Outputs < 1 || i >= len(p.Values)/p.Outputs {
		return nil
	}
	return p.Values[i*p.Outputs : (i+1)*p.Outputs : (i+1)*p.Outputs]
}

// A Result holds predictions for labelled rows.
type Result struct {
	Predictions
	// Kind is the kind of outputs and labels.
	Kind Kind
	// Labels have the layout of Values, but for Classes there is one class index per row. NaN is a missing label.
	Labels []float64
	// Weights are finite and at least 0. There is one per row for Classes and Distributions, otherwise one per label. Nil means that all
	// are 1.
	Weights []float64
	// Loss is the weighted mean loss over the observed labels.
	Loss float64
}

// Check returns an error if the parts of the result do not fit together, its kind is unknown, or a weight is negative, infinite or NaN.
func (r *Result) Check() error {
	if err := r.checkLabels(); err != nil {
		return err
	}
	if !product(len(r.Values), r.Rows, r.Outputs) {
		return r.misfit()
	}
	return nil
}

// checkLabels is Check for a result without predictions.
func (r *Result) checkLabels() error {
	switch {
	case r == nil:
		return errors.New("the result is nil")
	case r.Kind < Binary || r.Kind > Distributions:
		return errors.Errorf("a result of %v: set Result.Kind", r.Kind)
	case r.Rows < 0 || r.Outputs < 0 || r.Outputs > maxOutputs || r.Rows > 0 && r.Outputs == 0:
		return errors.Errorf("a result of %d rows and %d outputs", r.Rows, r.Outputs)
	}
	outputs := r.Outputs
	if r.Kind == Classes {
		outputs = 1
	}
	if !product(len(r.Labels), r.Rows, outputs) {
		return r.misfit()
	}
	if r.Kind.rowLabels() {
		outputs = 1
	}
	if r.Weights != nil && !product(len(r.Weights), r.Rows, outputs) {
		return r.misfit()
	}
	for i, w := range r.Weights {
		if err := checkWeight(i/outputs, w); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) misfit() error {
	return errors.Errorf("a result of %d rows and %d outputs (%v) has %d values, %d labels and %d weights",
		r.Rows, r.Outputs, r.Kind, len(r.Values), len(r.Labels), len(r.Weights))
}

// product reports whether n = rows*outputs, taking overflow into account.
func product(n, rows, outputs int) bool {
	if rows == 0 || outputs == 0 {
		return n == 0
	}
	return n%outputs == 0 && n/outputs == rows
}

func checkWeight(row int, w float64) error {
	if !(w >= 0) || math.IsInf(w, 1) {
		return errors.Errorf("row %d has weight %v, want a finite number of at least 0", row, w)
	}
	return nil
}

// weight returns an element of Weights.
func (r *Result) weight(k int) float64 {
	if r.Weights == nil {
		return 1
	}
	return r.Weights[k]
}

// TotalWeight returns the sum of the weights of the observed labels: of rows for Classes and Distributions, otherwise of all tasks
// together. It returns 0 if the parts of the result do not fit together, see [Result.Check].
func (r *Result) TotalWeight() float64 {
	if r.checkLabels() != nil {
		return 0
	}
	total := 0.0
	if r.Kind == Distributions {
		for i := range r.Rows {
			if !hasNaN(r.Labels[i*r.Outputs : (i+1)*r.Outputs]) {
				total += r.weight(i)
			}
		}
		return total
	}
	for k, y := range r.Labels {
		if !math.IsNaN(y) {
			total += r.weight(k)
		}
	}
	return total
}

func hasNaN(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) {
			return true
		}
	}
	return false
}
