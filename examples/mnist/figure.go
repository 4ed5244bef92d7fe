package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/mnist"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
)

// curve is the training loss of a network after each epoch.
type curve struct {
	net    string
	layers int
	loss   []float64
}

func (c curve) name() string { return fmt.Sprintf("%s, %d layers", c.net, c.layers) }

// figure trains all networks and writes the curves.
func figure(ctx context.Context, o options, w io.Writer) error {
	var files program.Files
	files.OutFolder("-out", o.out, "loss.csv", "loss.svg", "loss.png")
	if err := files.Try(); err != nil {
		return err
	}
	fit, err := images(ctx, o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return errors.Wrap(err, "-out")
	}
	fmt.Fprintf(w, "Data: %s.\n%d images\n", fit.Notes, fit.Len())
	curves, err := trainCurves(ctx, o, fit, w)
	if len(curves) == 0 {
		return err
	}
	return program.Join(err, writeCSV(o, curves), draw(o, curves))
}

// trainCurves trains all networks. With an error, the curves are those up to it, the last one perhaps not to its end.
func trainCurves(ctx context.Context, o options, fit *datasets.Set, w io.Writer) (curves []curve, err error) {
	for _, net := range o.nets {
		for _, layers := range o.layers {
			c, err := trainCurve(ctx, o, fit, net, layers)
			if len(c.loss) > 0 {
				curves = append(curves, c)
				fmt.Fprintf(w, "%-24s training loss %.4f%s\n", c.name(), c.loss[len(c.loss)-1], c.ended(o, err))
			}
			if err != nil {
				return curves, errors.Wrapf(err, "%s, %d layers", net, layers)
			}
		}
	}
	return curves, nil
}

// ended reports whether a training was interrupted.
func (c curve) ended(o options, err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf(" after epoch %d of %d", len(c.loss), o.epochs)
}

// images returns the training images, standardized.
func images(ctx context.Context, o options) (*datasets.Set, error) {
	set, err := mnist.Load(ctx, o.set, datasets.Options{Dir: o.data, Download: o.download, Seed: o.seed})
	if err != nil {
		return nil, err
	}
	rows := set.Rows(datasets.Train)
	scaler, err := datasets.FitScaler(datasets.Standardize, 0, set.Features, rows)
	if err != nil {
		return nil, err
	}
	if set.Features, err = scaler.Apply(set.Features); err != nil {
		return nil, err
	}
	return set.Subset(rows)
}

// trainCurve trains one network. A training that diverges ends its curve there.
func trainCurve(ctx context.Context, o options, fit *datasets.Set, net string, layers int) (curve, error) {
	c := curve{net: net, layers: layers}
	layer, err := graphs.ByName(net, graphs.Hidden{Layers: layers, Units: o.units, Outputs: fit.Outputs()})
	if err != nil {
		return c, err
	}
	network, err := graphs.New(layer, fit.Inputs(), graphs.CrossEntropy, graphs.Seed(o.seed))
	if err != nil {
		return c, err
	}
	history, err := train.Fit(ctx, network, fit, train.Config{
		Epochs: o.epochs, Batch: o.batch, Optimizer: optim.SGD{Rate: o.rate}, Seed: o.seed, Threads: o.threads,
	})
	if history != nil {
		for _, e := range history.Epochs {
			c.loss = append(c.loss, e.Loss)
		}
	}
	if err != nil && ctx.Err() == nil && errors.Is(err, train.ErrDiverged) {
		c.loss, err = append(c.loss, math.Inf(1)), nil
	}
	return c, err
}
