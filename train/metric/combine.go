package metric

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// MeanResult returns the mean of the predictions of several networks for the same labelled rows. Its Loss is the mean of their losses. It
// returns an error if there are no results or if their labels differ. Only observed labels are compared.
func MeanResult(results ...*Result) (*Result, error) {
	r, err := meanResult(results)
	return r, errors.Wrap(err, "metric: mean result")
}

func meanResult(results []*Result) (*Result, error) {
	var all []*Predictions
	loss := 0.0
	for k, r := range results {
		if err := r.Check(); err != nil {
			return nil, errors.WithMessagef(err, "result %d", k+1)
		}
		if !sameLabels(r, results[0]) {
			return nil, errors.Errorf("results 1 and %d have different labels", k+1)
		}
		if !sameParts(r, results[0]) {
			return nil, errors.Errorf("results 1 and %d have different outputs", k+1)
		}
		all = append(all, &r.Predictions)
		loss += r.Loss / float64(len(results))
	}
	mean, err := MeanPredictions(all...)
	if err != nil {
		return nil, err
	}
	first := results[0]
	out := &Result{Predictions: *mean, Kind: first.Kind, Labels: slices.Clip(first.Labels), Weights: slices.Clip(first.Weights), Loss: loss}
	for i, p := range first.Parts {
		parts := make([]*Result, len(results))
		for k, r := range results {
			parts[k] = r.Parts[i].Result
		}
		one, err := meanResult(parts)
		if err != nil {
			return nil, errors.WithMessagef(err, "output %q", p.Name)
		}
		out.Parts = append(out.Parts, Part{p.Name, p.Weight, p.Columns, one})
	}
	return out, nil
}

// sameParts reports whether results have the same outputs with the same weights.
func sameParts(a, b *Result) bool {
	return slices.EqualFunc(a.Parts, b.Parts, func(a, b Part) bool { return a.Name == b.Name && a.Weight == b.Weight })
}

// sameLabels compares the observed labels and weights of results that pass Check.
func sameLabels(a, b *Result) bool {
	if a.Kind != b.Kind || a.Rows != b.Rows || a.Outputs != b.Outputs {
		return false
	}
	labels := 1 // of a weight
	if a.Kind == Distributions {
		labels = a.Outputs
	}
	for k, y := range a.Labels {
		v, x, w := a.weight(k/labels), b.Labels[k], b.weight(k/labels)
		if v != w || v != 0 && x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
			return false
		}
	}
	return true
}

// MeanPredictions returns the mean of the predictions of several networks for the same rows. It adds them in order, so that the mean always
// has the same bits. It returns an error if there are none, or if they differ in rows or outputs.
func MeanPredictions(all ...*Predictions) (*Predictions, error) {
	if len(all) == 0 {
		return nil, errors.New("metric: there are no predictions to average")
	}
	for k, p := range all {
		switch {
		case p == nil:
			return nil, errors.Errorf("metric: predictions %d are nil", k+1)
		case p.Rows < 0 || p.Outputs < 0 || !product(len(p.Values), p.Rows, p.Outputs):
			return nil, errors.Errorf("metric: predictions %d have %d rows of %d outputs, but %d values", k+1, p.Rows, p.Outputs, len(p.Values))
		case p.Rows != all[0].Rows || p.Outputs != all[0].Outputs:
			return nil, errors.Errorf("metric: predictions %d are %d outputs for %d rows, and predictions 1 are %d for %d",
				k+1, p.Outputs, p.Rows, all[0].Outputs, all[0].Rows)
		case !slices.EqualFunc(p.Named, all[0].Named, func(a, b NamedPredictions) bool { return a.Name == b.Name }):
			return nil, errors.Errorf("metric: predictions 1 and %d have different outputs", k+1)
		}
	}
	mean := &Predictions{Rows: all[0].Rows, Outputs: all[0].Outputs, Values: make([]float64, len(all[0].Values))}
	for _, p := range all {
		for i, v := range p.Values {
			mean.Values[i] += v
		}
	}
	for i := range mean.Values {
		mean.Values[i] /= float64(len(all))
	}
	for i, n := range all[0].Named {
		of := make([]*Predictions, len(all))
		for k, p := range all {
			if of[k] = p.Named[i].Predictions; of[k] != nil && of[k].Named != nil {
				return nil, errors.Errorf("metric: output %q of predictions %d has outputs itself", n.Name, k+1)
			}
		}
		one, err := MeanPredictions(of...)
		if err != nil {
			return nil, errors.WithMessagef(err, "output %q", n.Name)
		}
		mean.Named = append(mean.Named, NamedPredictions{n.Name, one})
	}
	return mean, nil
}

// Append adds the rows of another result, such as that of the next fold. The Loss becomes the mean of both, weighted by their total
// weights; so does that of each of the Parts. A zero Result takes the kind and outputs of the other. Append returns an error, and changes nothing, if one of them does not
// pass [Result.Check] or they differ in kind or outputs.
func (r *Result) Append(more *Result) error {
	if r == nil {
		return errors.New("metric: append to a nil result")
	}
	if err := more.Check(); err != nil {
		return errors.Wrap(err, "metric: append")
	}
	empty := r.Kind == 0 && r.Rows == 0 && r.Outputs == 0 && len(r.Values)+len(r.Labels)+len(r.Weights)+len(r.Parts) == 0
	if empty {
		r.Kind, r.Outputs, r.Loss = more.Kind, more.Outputs, more.Loss
		for _, p := range more.Parts {
			r.Parts = append(r.Parts, Part{p.Name, p.Weight, p.Columns, &Result{Predictions: Predictions{Outputs: p.Outputs}, Kind: p.Kind, Loss: p.Loss}})
		}
	}
	if err := r.Check(); err != nil {
		return errors.Wrap(err, "metric: append")
	}
	if r.Kind != more.Kind || r.Outputs != more.Outputs {
		return errors.Errorf("metric: append %d outputs (%v) to %d (%v)", more.Outputs, more.Kind, r.Outputs, r.Kind)
	}
	if !sameParts(r, more) {
		return errors.New("metric: append a result of other outputs")
	}
	for i := range r.Parts {
		if a, b := r.Parts[i], more.Parts[i]; a.Kind != b.Kind || a.Outputs != b.Outputs {
			return errors.Errorf("metric: output %q: append %d outputs (%v) to %d (%v)", a.Name, b.Outputs, b.Kind, a.Outputs, a.Kind)
		}
	}
	r.append(more)
	for i := range r.Parts {
		r.Parts[i].append(more.Parts[i].Result)
	}
	if r.Parts != nil {
		r.Loss = r.totalLoss()
	}
	return nil
}

// append adds the rows of a result that fits.
func (r *Result) append(more *Result) {
	m, n := r.TotalWeight(), more.TotalWeight()
	switch {
	case m > 0 && n > 0:
		r.Loss = (m*r.Loss + n*more.Loss) / (m + n)
	case n > 0:
		r.Loss = more.Loss
	}
	r.appendWeights(more)
	r.Rows += more.Rows
	r.Values, r.Labels = append(r.Values, more.Values...), append(r.Labels, more.Labels...)
}

// appendWeights keeps nil weights if both are, and makes them explicit otherwise.
func (r *Result) appendWeights(more *Result) {
	if r.Weights == nil && (more.Weights == nil || r.Rows > 0 && len(more.Weights) == 0) {
		return
	}
	r.Weights = append(r.explicitWeights(), more.explicitWeights()...)
}

func (r *Result) explicitWeights() []float64 {
	if r.Weights != nil {
		return r.Weights
	}
	n := len(r.Labels)
	if r.Kind.rowLabels() {
		n = r.Rows
	}
	return slices.Repeat([]float64{1}, n)
}
