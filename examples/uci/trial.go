package main

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// testAccuracy is the name of the value that a trial returns. Nothing is selected by it.
const testAccuracy = "test_accuracy"

// window is the number of epochs over which the validation accuracy is averaged, as in the paper.
const window = 10

// trial runs one trial on one fold of a task.
func (e *experiment) trial(ctx context.Context, t *search.Trial) (search.Values, error) {
	name, err := t.Point.Text("task")
	if err != nil {
		return nil, err
	}
	fold, err := t.Point.Int("fold")
	if err != nil {
		return nil, err
	}
	p, err := partsOf(e.tasks[name], fold)
	if err != nil {
		return nil, err
	}
	if method, err := t.Point.Text("method"); err == nil {
		return p.method(ctx, t, method)
	}
	return e.network(ctx, t, p)
}

// network trains one network, keeps the weights of the best epoch of the smoothed validation curve, and judges them on the test rows.
func (e *experiment) network(ctx context.Context, t *search.Trial, p *parts) (search.Values, error) {
	fit := p.fit
	net, rate, err := paper.Network(t.Point, fit, graphs.CrossEntropy, t.Seed)
	if err != nil {
		return nil, err
	}
	epochs, batch := e.effort(fit.Len())
	if _, err := train.Fit(ctx, net, fit, train.Config{
		Epochs: epochs, Batch: batch, Optimizer: paper.Optimizer(e.grid, rate), Seed: t.Seed, Threads: t.Threads,
		Validation: p.validation, Metric: metric.Accuracy, Callbacks: []train.Callback{t, &callback.EarlyStopping{Window: window}},
		Warn: func(string) {}, // a grid holds settings that are meant to fail
	}); err != nil {
		return nil, err
	}
	accuracy, err := paper.Judge(ctx, net, p.test, metric.Accuracy)
	return search.Values{testAccuracy: accuracy}, err
}

// parts are the three parts of a fold.
type parts struct{ fit, validation, test *datasets.Set }

func partsOf(task *uci.Task, fold int) (*parts, error) {
	f, err := task.Fold(fold)
	if err != nil {
		return nil, err
	}
	var p parts
	for to, rows := range map[**datasets.Set][]int{&p.fit: f.Fit, &p.validation: f.Held, &p.test: f.Test} {
		if *to, err = task.Set.Subset(rows); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

// effort returns the number of epochs and the size of a batch for a number of rows. The paper trains for 100 epochs and does
// not give the size of its batches; the quick grid makes fewer passes over large tasks.
func (e *experiment) effort(rows int) (epochs, batch int) {
	batch = max(2, min(64, rows/8))
	switch {
	case e.grid != "quick" || rows <= 1000:
		return 100, batch
	case rows <= 4000:
		return 50, batch
	}
	return 25, batch
}
