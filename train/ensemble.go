package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Ensemble are networks for one problem that predict together, by the mean of their predictions: of probabilities, not of logits
// (Lakshminarayanan et al. 2017). FitEnsemble trains one; graphs.SaveAll and graphs.LoadAll keep it in one file.
type Ensemble []*graphs.Model

// Predict returns the mean of the members' predictions for all rows of the data, which need no labels. workers is as in NewPredictor.
func (e Ensemble) Predict(ctx context.Context, data Data, workers *kernel.Workers) (*Predictions, error) {
	var all []*Predictions
	for k, m := range e {
		p, err := NewPredictor(m.Layer, m.Params, m.Loss, workers).Predict(ctx, data)
		if err != nil {
			return nil, errors.Wrapf(err, "train: member %d of %d", k+1, len(e))
		}
		all = append(all, p)
	}
	mean, err := meanPredictions(all)
	return mean, errors.Wrap(err, "train: ensemble")
}

// Evaluate returns the mean of the members' predictions beside the labels. Its Loss is the mean of the members' losses.
func (e Ensemble) Evaluate(ctx context.Context, data Data, workers *kernel.Workers) (*Result, error) {
	var all []*Result
	for k, m := range e {
		r, err := NewPredictor(m.Layer, m.Params, m.Loss, workers).Evaluate(ctx, data)
		if err != nil {
			return nil, errors.Wrapf(err, "train: member %d of %d", k+1, len(e))
		}
		all = append(all, r)
	}
	return MeanResult(all...)
}

// MeanResult returns the mean of several predictions for the same labelled rows. Its Loss is the mean of their losses.
// It returns an error if there are none, or if they are not for the same labels.
func MeanResult(results ...*Result) (*Result, error) {
	var all []*Predictions
	loss := 0.0
	for k, r := range results {
		if err := r.check(); err != nil {
			return nil, errors.Wrapf(err, "train: ensemble: result %d", k+1)
		}
		if !sameLabels(r, results[0]) {
			return nil, errors.Errorf("train: ensemble: results 1 and %d have different labels", k+1)
		}
		all = append(all, &r.Predictions)
		loss += r.Loss / float64(len(results))
	}
	mean, err := meanPredictions(all)
	if err != nil {
		return nil, errors.Wrap(err, "train: ensemble")
	}
	first := results[0]
	return &Result{Predictions: *mean, Classes: first.Classes, Labels: first.Labels, Weights: first.Weights, Loss: loss}, nil
}

// sameLabels compares observed labels.
func sameLabels(a, b *Result) bool {
	if a.Classes != b.Classes || len(a.Labels) != len(b.Labels) || len(a.Weights) != len(b.Weights) {
		return false
	}
	for i, y := range a.Labels {
		observed := true
		if len(a.Weights) > 0 {
			if a.Weights[i] != b.Weights[i] {
				return false
			}
			observed = a.Weights[i] != 0
		}
		if observed && y != b.Labels[i] {
			return false
		}
	}
	return true
}

// meanPredictions adds in the order of the members, so that the mean has the same bits each time.
func meanPredictions(all []*Predictions) (*Predictions, error) {
	if len(all) == 0 {
		return nil, errors.New("there are no members")
	}
	mean := &Predictions{Rows: all[0].Rows, Outputs: all[0].Outputs, Values: make([]float64, len(all[0].Values))}
	for k, p := range all {
		if p.Rows != mean.Rows || p.Outputs != mean.Outputs {
			return nil, errors.Errorf("member %d predicts %d outputs for %d rows, and member 1 %d for %d", k+1, p.Outputs, p.Rows, mean.Outputs, mean.Rows)
		}
		for i, v := range p.Values {
			mean.Values[i] += v
		}
	}
	for i := range mean.Values {
		mean.Values[i] /= float64(len(all))
	}
	return mean, nil
}
