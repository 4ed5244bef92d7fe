package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// initializations draw weights of mean 0 and variance 1/fan-in.
var initializations = []initialization{
	{"normal", theory.LeCun, nn.LeCunNormal},
	{"truncated normal", theory.LeCun, nn.LeCunNormalTruncated},
	{"uniform", theory.LeCun, nn.LeCunUniform},
}

// compareInitializations asks whether these initializations behave alike: in deep networks, and in trained ones.
func compareInitializations(ctx context.Context, o options, w io.Writer) error {
	var all []curves
	for _, init := range initializations {
		c := curves{network: network{selu, init}}
		var err error
		if c.byMap, err = c.layer().Iterate(o.start, o.layers); err != nil {
			return err
		}
		for i := range o.networks {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			path, err := simulate(c.network, o, o.seed+uint64(i))
			if err != nil {
				return errors.Wrap(err, init.name)
			}
			c.real = append(c.real, path)
		}
		all = append(all, c)
	}
	if err := printInitializations(w, o, all); err != nil {
		return err
	}
	if err := drawInitializations(o.picture("init"), all); err != nil {
		return err
	}
	return trainInitializations(ctx, o, w)
}

// printInitializations prints mean and standard deviation over the networks at some layers.
func printInitializations(w io.Writer, o options, all []curves) error {
	fmt.Fprintf(w, "SELU networks of %d units on %d rows, from mean %g and variance %g: mean and standard deviation of %d networks\n", o.units, o.rows, o.start.Mean, o.start.Variance, o.networks)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "layer\tmean by the map")
	for _, c := range all {
		fmt.Fprintf(t, "\t%s", c.initialization.name)
	}
	fmt.Fprint(t, "\tvariance by the map")
	for _, c := range all {
		fmt.Fprintf(t, "\t%s", c.initialization.name)
	}
	fmt.Fprintln(t)
	for layer := 1; layer <= o.layers; layer *= 2 {
		if 2*layer > o.layers {
			layer = o.layers
		}
		fmt.Fprintf(t, "%d\t%s", layer, number(all[0].byMap[layer].Mean))
		for _, c := range all {
			s := c.summary(layer, func(m theory.Moments) float64 { return m.Mean })
			fmt.Fprintf(t, "\t%.3f ± %.3f", s.Mean, s.SD)
		}
		fmt.Fprintf(t, "\t%s", number(all[0].byMap[layer].Variance))
		for _, c := range all {
			s := c.summary(layer, func(m theory.Moments) float64 { return m.Variance })
			fmt.Fprintf(t, "\t%.3f ± %.3f", s.Mean, s.SD)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// summary describes a moment of a layer over the networks.
func (c curves) summary(layer int, of func(theory.Moments) float64) stats.Summary {
	var x []float64
	for _, path := range c.real {
		x = append(x, of(path[layer]))
	}
	s, err := stats.Describe(x)
	if err != nil || math.IsNaN(s.SD) {
		s.SD = 0 // of one network
	}
	return s
}

// drawInitializations draws mean and variance by layer, a line for each network.
func drawInitializations(name string, all []curves) error {
	mean, variance := plot.New(), plot.New()
	style(mean, "SELU networks with weights of variance 1/fan-in: each line is a network, circles are the moment map", "", "mean")
	style(variance, "", "layer", "variance")
	for k, p := range []*plot.Plot{mean, variance} {
		for n := range all[0].real { // in turn, so that no initialization hides the others
			for i, c := range all {
				line, err := plotter.NewLine(points(c.real[n], k == 1))
				if err != nil {
					return err
				}
				line.Color, line.Width = colours[i], vg.Points(0.8)
				p.Add(line)
				if n == 0 && k == 1 {
					p.Legend.Add(c.initialization.name, line)
				}
			}
		}
		byMap, err := plotter.NewScatter(points(all[0].byMap, k == 1))
		if err != nil {
			return err
		}
		byMap.GlyphStyle = draw.GlyphStyle{Radius: vg.Points(3), Shape: draw.RingGlyph{}}
		p.Add(byMap)
		if k == 1 {
			p.Legend.Add("moment map", byMap)
		}
	}
	variance.Legend.Top, variance.Legend.Padding = true, vg.Points(2)
	return write(name, 20*vg.Centimeter, 18*vg.Centimeter, [][]*plot.Plot{{mean}, {variance}})
}

// The trained networks have the depth of the paper's middle on HTRU2.
const (
	trainedLayers = 16
	trainedUnits  = 128
	trainedRate   = 0.05
)

// selfNormalizing is a network for HTRU2.
func selfNormalizing(init nn.Initializer) nn.Layer {
	var model nn.Sequential
	for range trainedLayers {
		model = append(model, nn.Dense{Units: trainedUnits, Activation: ops.SELU, WeightInit: init})
	}
	return append(model, nn.Dense{Units: 1, WeightInit: init})
}

// pulsars returns the set with the folds of HTRU2.
func pulsars(ctx context.Context, o options) (*datasets.Set, []datasets.Fold, error) {
	set, err := htru2.Load(ctx, datasets.Options{StandIn: o.synthetic, Seed: o.seed})
	if err != nil {
		return nil, nil, err
	}
	folds, err := htru2.Folds(set, o.seed)
	return set, folds, err
}

// trainInitializations trains networks of each initialization on the same folds of HTRU2 and compares them.
func trainInitializations(ctx context.Context, o options, w io.Writer) error {
	set, folds, err := pulsars(ctx, o)
	if err != nil {
		return err
	}
	epochs := orElse(o.epochs, 10)
	scores := make([][]float64, len(initializations))
	for r := range o.repeats {
		fold := folds[r%len(folds)]
		scaled, err := htru2.Scaled(set, fold.Fit)
		if err != nil {
			return err
		}
		for i, init := range initializations {
			auc, err := o.trialOf(ctx, init.init, scaled, fold, epochs, o.seed+uint64(r))
			if err != nil {
				return errors.Wrapf(err, "%s weights, repeat %d", init.name, r+1)
			}
			scores[i] = append(scores[i], auc)
		}
	}
	fmt.Fprintf(w, "\nTrained on HTRU2 (%d candidates): %d layers of %d units, plain gradient descent, rate %g, %d epochs; test part of %d folds\n",
		set.Len(), trainedLayers, trainedUnits, trainedRate, epochs, o.repeats)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "weights\tROC-AUC\tdifference from normal\tp (paired t-test)")
	for i, init := range initializations {
		fmt.Fprintf(t, "%s\t%s\t%s\n", init.name, describe(scores[i]), against(scores[i], scores[0], i == 0))
	}
	return t.Flush()
}

// describe prints mean and standard deviation.
func describe(x []float64) string {
	s, err := stats.Describe(x)
	if err != nil {
		return err.Error()
	}
	return s.String()
}

// against prints the mean difference of paired scores, and its p-value if there are enough of them.
func against(x, y []float64, same bool) string {
	if same {
		return "\t"
	}
	d := 0.0
	for i := range x {
		d += (x[i] - y[i]) / float64(len(x))
	}
	p := ""
	if test, err := stats.PairedT(x, y, stats.TwoSided); err == nil {
		p = fmt.Sprintf("%.2f", test.P)
	}
	return fmt.Sprintf("%+.4f\t%s", d, p)
}

// trialOf trains a network and returns its ROC-AUC on the test part of the fold.
func (o options) trialOf(ctx context.Context, init nn.Initializer, set *datasets.Set, fold datasets.Fold, epochs int, seed uint64) (float64, error) {
	net, err := graphs.New(selfNormalizing(init), set.Inputs(), graphs.BCE, graphs.Seed(seed))
	if err != nil {
		return 0, err
	}
	fit, err := set.Subset(o.some(fold.Fit))
	if err != nil {
		return 0, err
	}
	test, err := set.Subset(fold.Test)
	if err != nil {
		return 0, err
	}
	if _, err := train.Fit(ctx, net, fit, train.Config{Epochs: epochs, Seed: seed, Optimizer: optim.SGD{Rate: trainedRate}, Warn: func(string) {}}); err != nil {
		return 0, err
	}
	result, err := train.Evaluate(ctx, net, test)
	if err != nil {
		return 0, err
	}
	return metric.MeanROCAUC.Compute(result)
}
