package figure1

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	_ "github.com/selfnorm/selfnorm/datasets/cifar" // cifar10
	_ "github.com/selfnorm/selfnorm/datasets/mnist" // mnist, mnist10k
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
)

// curve is the training loss of a network after each epoch.
type curve struct {
	net    string
	layers int
	loss   []float64
}

func (c curve) name() string { return fmt.Sprintf("%s, %d layers", c.net, c.layers) }

// Draw trains all networks and writes the curves.
func Draw(ctx context.Context, o Options, stdout io.Writer) error {
	var files program.Files
	files.OutFolder("-out", o.out, "loss.csv", "loss.svg", "loss.png")
	files.OutFolder("-checkpoint", o.checkpoint)
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
	if o.images = o.set; fit.Synthetic {
		o.images = "a synthetic stand-in for " + o.set
	}
	if o.units == 0 {
		o.units = fit.Width()
	}
	fmt.Fprintf(stdout, "Data: %s.\n%d images to train on; %d units, rate %g, batches of %d, %d epochs\n",
		fit.Notes, fit.Len(), o.units, o.rate, o.batch, o.epochs)
	return trainCurves(ctx, o, fit, stdout)
}

// trainCurves trains all networks. It writes all curves so far whenever one ends, also one that does not come to its end.
func trainCurves(ctx context.Context, o Options, fit *datasets.Set, stdout io.Writer) error {
	var curves []curve
	for _, net := range o.nets {
		for _, layers := range o.layers {
			c, err := trainCurve(ctx, o, fit, net, layers)
			err = errors.Wrap(err, c.name())
			if len(c.loss) > 0 {
				curves = append(curves, c)
				fmt.Fprintf(stdout, "%-24s training loss %.4f%s\n", c.name(), c.loss[len(c.loss)-1], c.ended(o, err))
				err = program.Join(err, writeCSV(o, curves), draw(o, curves))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ended reports whether a training was interrupted.
func (c curve) ended(o Options, err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf(" after epoch %d of %d", len(c.loss), o.epochs)
}

// images returns the training images, standardized: each number of an image to mean 0 and variance 1, a constant one to 0.
func images(ctx context.Context, o Options) (*datasets.Set, error) {
	set, err := datasets.OpenContext(ctx, o.set, datasets.Options{Dir: o.data, Download: o.download, Seed: o.seed})
	if err != nil {
		return nil, err
	}
	rows := set.Rows(datasets.Train)
	if presets[o.as].all && o.set == "mnist10k" {
		rows = append(rows, set.Rows(datasets.Test)...)
		slices.Sort(rows)
	}
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
func trainCurve(ctx context.Context, o Options, fit *datasets.Set, net string, layers int) (curve, error) {
	c := curve{net: net, layers: layers}
	layer, err := graphs.ByName(net, graphs.Hidden{Layers: layers, Units: o.units, Outputs: fit.Outputs()})
	if err != nil {
		return c, err
	}
	network, err := graphs.New(layer, fit.Inputs(), graphs.CrossEntropy, graphs.Seed(o.seed))
	if err != nil {
		return c, err
	}
	config := train.Config{Epochs: o.epochs, Batch: o.batch, Optimizer: optim.SGD{Rate: o.rate}, Seed: o.seed, Threads: o.threads}
	if o.checkpoint != "" {
		dir := filepath.Join(o.checkpoint, fmt.Sprintf("%s-%d", net, layers))
		config.Checkpoint = &train.Checkpoint{Dir: dir, EveryEpochs: 5, Keep: 1, Resume: true}
	}
	if !o.quiet {
		config.Callbacks = []train.Callback{&callback.Progress{}}
	}
	history, err := train.Fit(ctx, network, fit, config)
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
