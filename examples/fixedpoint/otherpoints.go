package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// otherFixedPoints proves theorems about fixed points, and shows that real networks keep them, with alpha dropout too.
func otherFixedPoints(ctx context.Context, o options, w io.Writer) error {
	for _, fixed := range o.fixed {
		certificate, err := theory.Prover{}.ProveFixedPoint(ctx, fixed, theory.LeCun)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, certificate)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "After %d layers, in %d networks of %d units on %d rows, from one standard deviation above the mean and twice the variance\n", o.layers, o.networks, o.units, o.rows)
	fmt.Fprintln(t, "fixed point\tlambda\talpha\tdropout a, b at 0.05\tmean by the map\tin networks\tvariance by the map\tin networks\twith dropout: mean\tvariance")
	for _, fixed := range o.fixed {
		if err := o.keeps(ctx, t, fixed); err != nil {
			return errors.Wrapf(err, "fixed point %v,%v", fixed.Mean, fixed.Variance)
		}
	}
	return t.Flush()
}

// keeps prints a row about real networks of a fixed point.
func (o options) keeps(ctx context.Context, w io.Writer, fixed theory.Moments) error {
	at, err := nn.FixedPoint{Mean: fixed.Mean, Variance: fixed.Variance}.Complete()
	if err != nil {
		return err
	}
	params := theory.Params{Lambda: at.Lambda, Alpha: at.Alpha}
	a, b, err := params.AlphaDropout(dropoutRate, fixed)
	if err != nil {
		return err
	}
	start := theory.Moments{Mean: fixed.Mean + math.Sqrt(fixed.Variance), Variance: 2 * fixed.Variance}
	path, err := theory.Layer{Activation: params, Weights: theory.LeCun, Pooled: true}.Iterate(start, o.layers)
	if err != nil {
		return err
	}
	var plain, dropped curves
	for i := range o.networks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, c := range []*curves{&plain, &dropped} {
			path, err := o.fixedNetwork(at, c == &dropped, start, o.seed+uint64(i))
			if err != nil {
				return err
			}
			c.real = append(c.real, path)
		}
	}
	low, high := plain.last()
	lowest, highest := dropped.last()
	last := path[o.layers]
	_, err = fmt.Fprintf(w, "(%v, %v)\t%.6f\t%.6f\t%.5f, %.5f\t%s\t%s to %s\t%s\t%s to %s\t%s to %s\t%s to %s\n", fixed.Mean, fixed.Variance, at.Lambda, at.Alpha, a, b,
		number(last.Mean), number(low.Mean), number(high.Mean), number(last.Variance), number(low.Variance), number(high.Variance),
		number(lowest.Mean), number(highest.Mean), number(lowest.Variance), number(highest.Variance))
	return err
}

// dropoutRate is the rate of alpha dropout of the networks with dropout.
const dropoutRate = 0.05

// fixedNetwork returns the moments of the layers of a network of the SELU of a fixed point.
func (o options) fixedNetwork(at nn.FixedPoint, dropout bool, start theory.Moments, seed uint64) ([]theory.Moments, error) {
	var model nn.Sequential
	for range o.layers {
		model = append(model, nn.Dense{Units: o.units, Activation: at.SELU})
		if dropout {
			model = append(model, nn.AlphaDropout{Rate: dropoutRate, Fixed: at})
		}
	}
	c := graphs.Config{Mode: graphs.Evaluate}
	if dropout {
		c = graphs.Config{Mode: graphs.Train, Loss: graphs.MSE}
	}
	return o.momentsOf(model, c, start, seed)
}
