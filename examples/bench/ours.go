package main

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	"gorgonia.org/tensor"
)

// run measures our side, in seconds: the median step of a training, or a whole prediction.
func (c request) run(ctx context.Context) (float64, error) {
	hidden := graphs.Hidden{Layers: c.Layers, Units: c.Units, Outputs: c.Outputs}
	var layer nn.Layer = graphs.BatchNorm(hidden)
	if c.Net == "snn" {
		hidden.Dropout = c.Dropout
		layer = graphs.SNN(hidden)
	}
	net, err := graphs.New(layer, graphs.Matrix(c.Inputs), graphs.BCE, graphs.Seed(1))
	if err != nil {
		return 0, err
	}
	if c.Rows > 0 {
		return c.predict(ctx, net)
	}
	var optimizer optim.Rule = optim.Adam{Rate: 1e-4}
	if c.Optimizer == "sgd" {
		optimizer = optim.SGD{Rate: 1e-3, Momentum: 0.9}
	}
	clock := &stopwatch{last: time.Now()}
	_, err = train.Fit(ctx, net, c.data(c.Batch), train.Config{
		Epochs: c.Warmup + c.Steps, Batch: c.Batch, Optimizer: optimizer, Threads: c.Threads, Callbacks: []train.Callback{clock},
	})
	if err != nil {
		return 0, err
	}
	return median(clock.steps[c.Warmup:]), nil
}

func (c request) predict(ctx context.Context, net *graphs.Network) (float64, error) {
	workers := kernel.NewWorkers(c.Threads)
	defer workers.Close()
	predictor, err := predict.New(net, workers)
	if err != nil {
		return 0, err
	}
	defer predictor.Close()
	if _, err := predictor.Predict(ctx, c.data(1024)); err != nil {
		return 0, err
	}
	data := c.data(c.Rows)
	begin := time.Now()
	_, err = predictor.Predict(ctx, data)
	return time.Since(begin).Seconds(), err
}

// data returns random features, and labels of which a part is missing.
func (c request) data(rows int) train.Matrix {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, rows*c.Inputs)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	y, weights := make([]float32, rows*c.Outputs), make([]float32, rows*c.Outputs)
	for i := range y {
		y[i], weights[i] = float32(r.IntN(10)/7), float32(min(1, r.IntN(10)/3))
	}
	dense := func(cols int, x []float32) *tensor.Dense {
		return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))
	}
	return train.Matrix{X: dense(c.Inputs, x), Y: dense(c.Outputs, y), Weights: dense(c.Outputs, weights)}
}

// stopwatch is a callback that notes how long each step took.
type stopwatch struct {
	last  time.Time
	steps []float64
}

// AfterStep implements callback.StepCallback.
func (s *stopwatch) AfterStep(context.Context, *train.State) error {
	now := time.Now()
	s.steps = append(s.steps, now.Sub(s.last).Seconds())
	s.last = now
	return nil
}
