package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Predict returns the predictions of a network for all rows of the data, which need no labels. It uses all threads. For repeated calls, use
// a predict.Predictor.
func Predict(ctx context.Context, net *graphs.Network, d Data) (*Predictions, error) {
	p, err := predict.Predict(ctx, net, d)
	return p, errors.Wrap(err, "train")
}

// Evaluate returns the predictions of a network with the labels of the data, for metric.Accuracy.Compute(result) and so on. It uses all
// threads.
func Evaluate(ctx context.Context, net *graphs.Network, d Data) (*Result, error) {
	r, err := predict.Evaluate(ctx, net, d)
	return r, errors.Wrap(err, "train")
}

// An Ensemble is a set of networks whose predictions are averaged: probabilities, not logits (Lakshminarayanan et al. 2017).
// FitEnsemble trains one; graphs.SaveAll and graphs.LoadAll keep it in one file.
type Ensemble []*graphs.Network

// Predict returns the mean of the members' predictions for all rows of the data, which need no labels. workers is as in predict.New.
func (e Ensemble) Predict(ctx context.Context, d Data, workers *kernel.Workers) (*Predictions, error) {
	var all []*Predictions
	err := e.each(workers, func(p *predict.Predictor) error {
		one, err := p.Predict(ctx, d)
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, err
	}
	mean, err := metric.MeanPredictions(all...)
	return mean, errors.Wrap(err, "train: ensemble")
}

// Evaluate returns the mean of the members' predictions with the labels. Its Loss is the mean of the members' losses.
func (e Ensemble) Evaluate(ctx context.Context, d Data, workers *kernel.Workers) (*Result, error) {
	var all []*Result
	err := e.each(workers, func(p *predict.Predictor) error {
		one, err := p.Evaluate(ctx, d)
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, err
	}
	mean, err := metric.MeanResult(all...)
	return mean, errors.Wrap(err, "train: ensemble")
}

// each calls f with a predictor of each member. An error names the member.
func (e Ensemble) each(workers *kernel.Workers, f func(p *predict.Predictor) error) error {
	if len(e) == 0 {
		return errors.New("train: the ensemble has no members")
	}
	for k, net := range e {
		p, err := predict.New(net, workers)
		if err == nil {
			err = f(p)
			p.Close()
		}
		if err != nil {
			return errors.Wrapf(err, "train: member %d of %d", k+1, len(e))
		}
	}
	return nil
}
