package training

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Predictors predict with the mean of an ensemble, from any number of goroutines, with the bits of train.Ensemble.Predict.
type Predictors struct {
	members []*predict.Predictor
	own     *kernel.Workers // nil for the shared pool
}

// NewPredictors returns the predictors of networks. threads is the number of threads, 0 for all.
func NewPredictors(networks train.Ensemble, threads int) (*Predictors, error) {
	p := &Predictors{}
	workers := kernel.Shared()
	if threads > 0 {
		p.own = kernel.NewWorkers(threads)
		workers = p.own
	}
	for k, n := range networks {
		m, err := predict.New(n, workers, predict.Snapshot)
		if err != nil {
			p.Close()
			return nil, errors.Wrapf(err, "network %d", k+1)
		}
		p.members = append(p.members, m)
	}
	return p, nil
}

// Predict returns the predictions for all rows of the data, which need no labels.
func (p *Predictors) Predict(ctx context.Context, d train.Data) (*train.Predictions, error) {
	all := make([]*train.Predictions, len(p.members))
	for k, m := range p.members {
		var err error
		if all[k], err = m.Predict(ctx, d); err != nil {
			return nil, errors.Wrapf(err, "network %d", k+1)
		}
	}
	return metric.MeanPredictions(all...)
}

// Close frees the memory and the threads.
func (p *Predictors) Close() {
	for _, m := range p.members {
		m.Close()
	}
	p.own.Close()
}
