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

// trial trains one network, keeps the weights of the best epoch of the smoothed validation curve, and judges them on
// the test rows.
func (e *experiment) trial(ctx context.Context, t *search.Trial) (search.Values, error) {
	name, err := t.Point.Text("task")
	if err != nil {
		return nil, err
	}
	fold, err := t.Point.Int("fold")
	if err != nil {
		return nil, err
	}
	fit, validation, test, err := parts(e.tasks[name], fold)
	if err != nil {
		return nil, err
	}
	net, rate, err := paper.Network(t.Point, fit, graphs.CrossEntropy, t.Seed)
	if err != nil {
		return nil, err
	}
	epochs, batch := e.effort(fit.Len())
	if _, err := train.Fit(ctx, net, fit, train.Config{
		Epochs: epochs, Batch: batch, Optimizer: paper.Optimizer(e.grid, rate), Seed: t.Seed, Threads: t.Threads,
		Validation: validation, Metric: metric.Accuracy, Callbacks: []train.Callback{t, &callback.EarlyStopping{Window: window}},
		Warn: func(string) {}, // a grid holds settings that are meant to fail
	}); err != nil {
		return nil, err
	}
	accuracy, err := paper.Judge(ctx, net, test, metric.Accuracy)
	return search.Values{testAccuracy: accuracy}, err
}

// parts returns the three parts of a fold.
func parts(task *uci.Task, fold int) (fit, validation, test *datasets.Set, err error) {
	f, err := task.Fold(fold)
	if err != nil {
		return nil, nil, nil, err
	}
	var sets [3]*datasets.Set
	for i, rows := range [][]int{f.Fit, f.Held, f.Test} {
		if sets[i], err = task.Set.Subset(rows); err != nil {
			return nil, nil, nil, err
		}
	}
	return sets[0], sets[1], sets[2], nil
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
