package main

import (
	"context"
	"time"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// secondsName is the name under which a trial returns how long it took.
const secondsName = "seconds"

// trial tries a point of a search: it trains the networks of some folds just as they are trained after the search, and judges them on the rows that
// these folds hold out.
func (s *searching) trial(ctx context.Context, t *search.Trial) (search.Values, error) {
	began := time.Now()
	o, folds, rows := *s.options, 0, 0
	if err := apply(s.axes, t.Point, &o); err != nil {
		return nil, err
	}
	if err := t.Point.Read(map[string]any{epochsName: &o.Epochs, foldsName: &folds}); err != nil {
		return nil, err
	}
	for _, x := range t.Point {
		if n, ok := x.Value.(int); ok && x.Name == rowsName {
			rows = n
		}
	}
	p, err := s.problemFor(o.scaling)
	if err != nil {
		return nil, err
	}
	o.Threads = t.Threads
	all := &train.Result{}
	for k, fold := range s.folds[:folds] {
		if rows > 0 {
			fold.Fit = evenly(fold.Fit, rows)
		}
		result, err := s.judged(ctx, &o, p, fold, k)
		if err != nil {
			return nil, err
		}
		if err := all.Append(result); err != nil {
			return nil, err
		}
	}
	if p.encoder.Problem() == csv.Regression && len(p.set.Tasks) == 1 {
		all = p.inUnits(all)
	}
	value, err := s.metric.Compute(all)
	if err != nil {
		return nil, err
	}
	return search.Values{secondsName: time.Since(began).Seconds()}, t.Report(s.metric, 1, value)
}

// judged trains network k without the rows that its fold holds out, and returns its predictions for them.
func (s *searching) judged(ctx context.Context, o *options, p *problem, fold datasets.Fold, k int) (*train.Result, error) {
	fit, err := p.set.Subset(fold.Fit)
	if err != nil {
		return nil, err
	}
	held, err := p.set.Subset(fold.Held)
	if err != nil {
		return nil, err
	}
	layer, err := o.layer(p)
	if err != nil {
		return nil, err
	}
	net, err := graphs.New(layer, p.set.Inputs(), p.trainingLoss(o), graphs.Seed(o.Seed+uint64(k)))
	if err != nil {
		return nil, err
	}
	c, err := o.Plain(k)
	if err != nil {
		return nil, err
	}
	o.tune(&c)
	c.Batch, c.Validation, c.Warn = o.batchOf(len(p.fit)), held, func(string) {}
	c.Callbacks = []train.Callback{&callback.EarlyStopping{Window: window, Patience: o.patience}}
	if _, err := train.Fit(ctx, net, fit, c); err != nil {
		return nil, err
	}
	net.Outputs[0].Loss = p.loss
	one := train.Ensemble{net}
	if o.calibrate && !o.Members.Folds && p.encoder.Problem() != csv.Regression {
		if err := one.Calibrate(ctx, held, kernel.Shared(), calibrate.Options{Sharpen: p.trainingLoss(o).Name != p.loss.Name}); err != nil {
			return nil, err
		}
	}
	return one.Evaluate(ctx, held, kernel.Shared())
}

// searchMetric returns the metric that a search minimizes.
func searchMetric(p csv.Problem) metric.Metric {
	if p == csv.Regression {
		return metric.RMSE
	}
	return metric.LogLoss
}

// problemFor returns the table with columns of numbers on a scale. It is safe for concurrent use.
func (s *searching) problemFor(scaling string) (*problem, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.problems[scaling]; p != nil {
		return p, nil
	}
	p := *s.experiment.problem
	var err error
	if p.encoder, err = p.table.FitScaled(p.fit, datasets.Scaling(scaling)); err != nil {
		return nil, err
	}
	if s.experiment.encoder.LogUnit(0) > 0 {
		if p.encoder, err = p.encoder.Log(p.table, p.fit); err != nil {
			return nil, err
		}
	}
	if p.set, err = p.encoder.Set(p.table); err != nil {
		return nil, err
	}
	s.problems[scaling] = &p
	return &p, nil
}
