package main

import (
	"context"
	"path/filepath"

	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/search"
)

// searching tries 36 settings, two at a time.
func searching(ctx context.Context, dir string) error {
	set, err := classics.Iris()
	if err != nil {
		return err
	}
	fit, held, err := halves(set)
	if err != nil {
		return err
	}
	points, err := search.Space{
		search.Int("layers", 1, 2, 4), search.Float("rate", 0.001, 0.01, 0.1), search.Int("units", 8, 16, 32, 64),
	}.Grid()
	if err != nil {
		return err
	}
	_, err = search.Run(ctx, search.Config{
		Points: points, Seed: 7, Parallel: 2, Results: filepath.Join(dir, "results.jsonl"), Key: "crash",
		Trial: func(ctx context.Context, t *search.Trial) (search.Values, error) { return trial(ctx, t, fit, held) },
	})
	return err
}

func trial(ctx context.Context, t *search.Trial, fit, held train.Data) (search.Values, error) {
	layers, err := t.Point.Int("layers")
	if err != nil {
		return nil, err
	}
	units, err := t.Point.Int("units")
	if err != nil {
		return nil, err
	}
	rate, err := t.Point.Float("rate")
	if err != nil {
		return nil, err
	}
	net, err := graphs.New(graphs.SNN{Layers: layers, Units: units, Outputs: 3}, graphs.Matrix(4), graphs.CrossEntropy, graphs.Seed(t.Seed))
	if err != nil {
		return nil, err
	}
	h, err := train.Fit(ctx, net, fit, train.Config{
		Epochs: 60, Batch: 16, Seed: t.Seed, Threads: t.Threads, Optimizer: optim.SGD{Rate: rate}, Validation: held, Metric: metric.LogLoss,
		Callbacks: []train.Callback{t}, Warn: func(string) {},
	})
	if err != nil {
		return nil, err
	}
	return search.Values{"loss": h.Last().Loss}, nil
}
