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
	// Named holds the predictions of all outputs of a network with several, by name and in order: those above are of the first. It is nil
	// for a network with one output, and in a Result, which has Parts.
	Named []NamedPredictions
}

// NamedPredictions are the predictions of one output of a network with several.
type NamedPredictions struct {
	Name string
	*Predictions
}

// Output returns the predictions of the output of that name of a network with several outputs, or nil if there is none.
func (p *Predictions) Output(name string) *Predictions {
	if p == nil {
		return nil
	}
	for _, n := range p.Named {
		if n.Name == name {
			return n.Predictions
		}
	}
	return nil
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
	// Loss is the weighted mean loss over the observed labels. For a network with several outputs it is the sum of the losses of all Parts,
	// each times its weight.
	Loss float64
	// Parts holds the results of all outputs of a network with several, by name and in order: the predictions and labels above are those of
	// the first. It is nil for a network with one output.
	Parts []Part
}

// Part is the result of one output of a network with several.
type Part struct {
	Name string
	// Weight is that of the loss of the output in the sum over all outputs.
	Weight float64
	// Columns names the columns of the output: classes, tasks or targets. Nil if they have no names.
	Columns []string
	// Result has the loss of this output alone. Its Parts are nil.
	*Result
}

// Output returns the result of the output of that name of a network with several outputs, or nil if there is none.
func (r *Result) Output(name string) *Result {
	if r == nil {
		return nil
	}
	for _, p := range r.Parts {
		if p.Name == name {
			return p.Result
		}
	}
	return nil
}

// totalLoss is the weighted sum of the losses of the parts.
func (r *Result) totalLoss() float64 {
	total := 0.0
	for _, p := range r.Parts {
		total += p.Weight * p.Loss
	}
	return total
}

// eachPart calls f with each part, or with r itself if it has none.
func (r *Result) eachPart(f func(one *Result)) {
	for _, p := range r.Parts {
		f(p.Result)
	}
	if r.Parts == nil {
		f(r)
	}
}

// Check returns an error if the fields of the result, or of one of its Parts, do not fit together, its kind is unknown, or a weight is negative, infinite or NaN.
func (r *Result) Check() error {
	if err := r.checkLabels(); err != nil {
		return err
	}
	if !product(len(r.Values), r.Rows, r.Outputs) {
		return r.misfit()
	}
	for _, p := range r.Parts {
		if !product(len(p.Values), p.Rows, p.Outputs) {
			return errors.Wrapf(p.misfit(), "output %q", p.Name)
		}
	}
	return nil
}

// checkLabels is Check for a result without predictions.
func (r *Result) checkLabels() error {
	if err := r.checkOwnLabels(); err != nil {
		return err
	}
	for i, p := range r.Parts {
		switch {
		case p.Result == nil || p.Parts != nil || p.Rows != r.Rows:
			return errors.Errorf("the result of output %q is nil, has parts itself, or not %d rows", p.Name, r.Rows)
		case checkWeight(0, p.Weight) != nil:
			return errors.Errorf("output %q has the weight %v, want a finite number of at least 0", p.Name, p.Weight)
		case i == 0 && (p.Kind != r.Kind || p.Outputs != r.Outputs):
			return errors.Errorf("the first part, %q, has %d outputs (%v), the result %d (%v)", p.Name, p.Outputs, p.Kind, r.Outputs, r.Kind)
		}
		if err := p.checkOwnLabels(); err != nil {
			return errors.Wrapf(err, "output %q", p.Name)
		}
	}
	return nil
}

func (r *Result) checkOwnLabels() error {
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
// together. It returns 0 if the fields of the result do not fit together, see [Result.Check]. For a network with several outputs, the first counts.
func (r *Result) TotalWeight() float64 {
	if r == nil || r.checkOwnLabels() != nil {
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
