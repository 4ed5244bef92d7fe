package main

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
	"github.com/selfnorm/selfnorm/train/search"
)

// The names of the values that a repeat returns, in addition to the ROC-AUC of each task.
const (
	auc   = "roc_auc"
	delta = "delta_pr_auc"
)

// repeatParam is the name of the parameter that only the points of repeats have.
const repeatParam = "repeat"

// experiment is the comparison of networks by depth.
type experiment struct {
	options
	*problem
}

// trial runs a trial of either step.
func (e *experiment) trial(ctx context.Context, t *search.Trial) (search.Values, error) {
	if _, err := t.Point.Int(repeatParam); err == nil {
		return e.repeatTrial(ctx, t)
	}
	return e.selects(ctx, t)
}

// selects trains one network on a fold and reports its validation ROC-AUC: after the last epoch, or in the paper's grid after each.
func (e *experiment) selects(ctx context.Context, t *search.Trial) (search.Values, error) {
	fold, err := t.Point.Int("fold")
	if err != nil {
		return nil, err
	}
	x, err := e.part(fold)
	if err != nil {
		return nil, err
	}
	if e.grid == paper {
		_, err := e.fit(ctx, t, x, e.epochs, func(c *train.Config) {
			c.Validation, c.Metric, c.Callbacks = x.judge, metric.MeanROCAUC, []train.Callback{t}
		})
		return nil, err
	}
	net, err := e.fit(ctx, t, x, e.epochs, nil)
	if err != nil {
		return nil, err
	}
	result, err := e.judge(ctx, net, x)
	if err != nil {
		return nil, err
	}
	value, err := metric.MeanROCAUC.Compute(result)
	if err != nil {
		return nil, err
	}
	return nil, t.Report(metric.MeanROCAUC, e.epochs, value)
}

// repeatTrial trains one network with selected settings on all training compounds and judges it on the test compounds.
func (e *experiment) repeatTrial(ctx context.Context, t *search.Trial) (search.Values, error) {
	x, err := e.part(testFold)
	if err != nil {
		return nil, err
	}
	epochs, err := t.Point.Int("epochs")
	if err != nil {
		return nil, err
	}
	net, err := e.fit(ctx, t, x, epochs, nil)
	if err != nil {
		return nil, err
	}
	result, err := e.judge(ctx, net, x)
	if err != nil {
		return nil, err
	}
	values := search.Values{}
	for i, task := range tox21.Tasks() {
		if values[task], err = result.TaskROCAUC(i); err != nil {
			return nil, err
		}
	}
	for name, m := range map[string]metric.Metric{auc: metric.MeanROCAUC, delta: metric.MeanDeltaPRAUC} {
		if values[name], err = m.Compute(result); err != nil {
			return nil, err
		}
	}
	return values, t.Report(metric.MeanROCAUC, epochs, values[auc])
}

// fit trains the network of a trial. more may change the configuration.
func (e *experiment) fit(ctx context.Context, t *search.Trial, x *part, epochs int, more func(*train.Config)) (*graphs.Network, error) {
	layer, err := e.layer(t.Point)
	if err != nil {
		return nil, err
	}
	rule, err := e.rule(t.Point)
	if err != nil {
		return nil, err
	}
	schedule, err := e.schedule()
	if err != nil {
		return nil, err
	}
	net, err := graphs.New(layer, x.fit.Inputs(), graphs.BCE, graphs.Seed(t.Seed))
	if err != nil {
		return nil, err
	}
	c := train.Config{
		Epochs: epochs, Batch: batch, Optimizer: rule, Schedule: schedule, Seed: t.Seed, Threads: t.Threads,
		Warn: func(string) {}, // a grid holds settings that are meant to fail
	}
	if more != nil {
		more(&c)
	}
	_, err = train.Fit(ctx, net, x.fit, c)
	return net, err
}

// batch is the number of rows of a training step. The paper does not give it.
const batch = 256

// judge returns the predictions for the judged compounds. Those whose molecule cannot be read have the base rates.
func (e *experiment) judge(ctx context.Context, net *graphs.Network, x *part) (*metric.Result, error) {
	p, err := predict.New(net, nil)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	result, err := p.Evaluate(ctx, x.judge)
	if err != nil {
		return nil, err
	}
	for i, row := range x.judged {
		if e.unreadable != nil && e.unreadable(row) {
			copy(result.Row(i), x.rates[:])
		}
	}
	return result, nil
}
