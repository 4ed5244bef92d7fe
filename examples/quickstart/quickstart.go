package main

import (
	"context"
	"fmt"
	"io"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// quickstart trains on the training rows and prints the accuracy on the test rows.
func quickstart(ctx context.Context, w io.Writer) error {
	data, err := classics.BreastCancer()
	if err != nil {
		return err
	}
	fit, err := data.Subset(data.Rows(datasets.Train))
	if err != nil {
		return err
	}
	test, err := data.Subset(data.Rows(datasets.Test))
	if err != nil {
		return err
	}
	layer := graphs.SNN{Layers: 8, Units: 64, Outputs: data.Outputs(), Dropout: 0.05}
	net, err := graphs.New(layer, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, data.Notes)
	if _, err := train.Fit(ctx, net, fit, train.Config{
		Epochs: 30, Batch: 32, Optimizer: optim.Adam{Rate: 1e-3}, Schedule: optim.Cosine{},
	}); err != nil {
		return err
	}
	result, err := train.Evaluate(ctx, net, test)
	if err != nil {
		return err
	}
	accuracy, err := metric.Accuracy.Compute(result)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "right on %.1f %% of the test samples\n", 100*accuracy)
	return err
}
