package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// trainAll trains the networks one after the other.
func trainAll(ctx context.Context, o options, w io.Writer) error {
	var files program.Files
	files.In("-data", o.data)
	files.Network("-out", o.out)
	files.Out("-onnx", o.onnx)
	if err := files.Try(); err != nil {
		return err
	}
	fit, test, err := images(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Data: %s.\n%d images to train on, %d held out\n", fit.Notes, fit.Len(), test.Len())
	for _, name := range o.nets {
		if err := trainOne(ctx, o, name, fit, test, w); err != nil {
			return err
		}
	}
	return nil
}

// trainOne trains a network, judges it on the images held out, and saves it.
func trainOne(ctx context.Context, o options, name string, fit, test *datasets.Set, w io.Writer) error {
	layer := CNN{
		Activation: name, Filters: [2]int{o.filters1, o.filters2}, Units: o.hidden, Outputs: fit.Outputs(),
		Dropout: o.dropout, DenseDropout: o.denseDropout, Channels: o.channels,
	}
	net, err := graphs.New(layer, fit.Inputs(), graphs.CrossEntropy, graphs.Seed(o.seed), graphs.OutputNames(fit.Classes...))
	if err != nil {
		return err
	}
	config := train.Config{
		Epochs: o.epochs, Batch: o.batch, Optimizer: optim.Adam{Rate: o.rate}, Schedule: optim.Cosine{}, Seed: o.seed, Threads: o.threads,
	}
	if !o.quiet {
		config.Callbacks = []train.Callback{&callback.Progress{}}
	}
	began := time.Now()
	history, err := train.Fit(ctx, net, fit, config)
	if err != nil {
		return err
	}
	seconds := time.Since(began).Seconds()
	result, err := train.Evaluate(ctx, net, test)
	if err != nil {
		return err
	}
	accuracy, err := metric.Accuracy.Compute(result)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %d weights, training loss %.4f, right on %.2f %% of the images held out (%.0f s)\n",
		name, net.Size(), history.Epochs[len(history.Epochs)-1].Loss, 100*accuracy, seconds)
	return save(o, net)
}

// save writes the files that the flags name.
func save(o options, net *graphs.Network) error {
	if o.out != "" {
		if err := net.Save(o.out); err != nil {
			return err
		}
	}
	if o.onnx != "" {
		return onnx.Save(o.onnx, net, onnx.Options{})
	}
	return nil
}
