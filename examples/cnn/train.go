package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pkg/errors"
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
	if errors.Is(err, context.Canceled) && history != nil {
		return program.Join(err, keep(o, net, len(history.Epochs), w))
	}
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

// interrupted is the name of the text in the file of a run that was interrupted: how far it had come.
const interrupted = "interrupted"

// keep saves the network of a run that was interrupted, unless that would replace one of a run that was not.
func keep(o options, net *graphs.Network, epochs int, w io.Writer) error {
	if o.out == "" || epochs == 0 {
		return nil
	}
	if _, err := os.Stat(o.out); err == nil {
		if old, err := graphs.Load(o.out); err != nil || old.Metadata[interrupted] == "" {
			fmt.Fprintf(w, "not saved: %s holds the network of a run that was not interrupted\n", o.out)
			return nil
		}
	}
	how := fmt.Sprintf("after epoch %d of %d", epochs, o.epochs)
	net.Metadata = map[string]string{interrupted: how}
	if err := net.Save(o.out); err != nil {
		return err
	}
	fmt.Fprintf(w, "saved: %s, interrupted %s\n", o.out, how)
	return nil
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
