package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// flow is a network's variances by layer, from the inputs on: by the theory, and the means of real networks.
type flow struct {
	signalled
	byTheory []theory.Signal
	real     []depth
}

// followGradients prints how gradients grow, compares the theory with networks, encloses the growth over the theorems' domains, and draws.
func followGradients(ctx context.Context, o options, w io.Writer) error {
	if err := growths(w, o.start); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nThrough %d layers, by the theory and in %d networks of %d units on %d rows: means of the networks, with standard errors\n", o.layers, o.networks, o.units, o.rows)
	fmt.Fprintln(t, "network\tvariance behind them\tin networks\tgradients in front, behind = 1\tin networks\tgreatest difference of a layer: variance\tgradients")
	var all []flow
	for _, n := range followed {
		f := flow{signalled: n}
		layer, err := n.layer()
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		if f.byTheory, err = theory.Deep(layer, o.layers).Signals(o.start); err != nil {
			return errors.Wrap(err, n.name())
		}
		if f.real, err = n.measureAll(ctx, o, false); err != nil {
			return err
		}
		all = append(all, f)
		variance, gradient := f.differences()
		fmt.Fprintf(t, "%s\t%s\t%s ± %.2g\t%s\t%s ± %.2g\t%.1f %%\t%.1f %%\n", n.name(), number(f.byTheory[o.layers].Output.Variance), number(f.real[o.layers].moments.Variance), f.real[o.layers].varianceError,
			number(f.byTheory[1].OutputGradient), number(f.real[1].gradient), f.real[1].gradientError, 100*variance, 100*gradient)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if err := enclosures(ctx, w); err != nil {
		return err
	}
	return errors.Wrap(drawGradients(o.out, all), "gradients")
}

// growths prints the growth of the variance of gradients at the fixed points of random networks.
func growths(w io.Writer, start theory.Moments) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Variance of gradients at the fixed point that random networks reach from mean %g and variance %g\n", start.Mean, start.Variance)
	fmt.Fprintln(t, "network\tmean\tvariance\tper layer\tin 32 layers\tin 100 layers\tlayers for a factor of 10")
	for _, n := range followed {
		layer, err := n.layer()
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		f, err := layer.FixedPoint(start)
		if errors.Is(err, theory.ErrNoFixedPoint) {
			fmt.Fprintf(t, "%s\t-\t-\t-\t-\t-\tno fixed point is reached\n", n.name())
			continue
		}
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		g, err := layer.Growth(f.Moments)
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		digits := "never"
		if d := 1 / math.Abs(math.Log10(g)); d < 1e6 {
			digits = fmt.Sprintf("%.0f", d)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.4f\t%.3g\t%.3g\t%s\n", n.name(), number(f.Mean), number(f.Variance), g, math.Pow(g, 32), math.Pow(g, 100), digits)
	}
	return t.Flush()
}

// criticalRate is the rate of alpha dropout at which gradients keep their variance at (0, 1), to four decimals.
func criticalRate() float64 {
	s, err := theory.SELU.Slopes(theory.Normalized)
	if err != nil {
		return 0
	}
	saturation := theory.SELU.Lambda * theory.SELU.Alpha
	return math.Round(1e4*(s.Second-1)/(saturation*saturation)) / 1e4
}

// differences returns the greatest relative differences of a layer's variance, and of its gradients, from the theory.
func (f flow) differences() (variance, gradient float64) {
	for i := 1; i < len(f.real); i++ {
		variance = max(variance, math.Abs(f.real[i].moments.Variance/f.byTheory[i].Output.Variance-1))
		gradient = max(gradient, math.Abs(f.real[i].gradient/f.byTheory[i].OutputGradient-1))
	}
	return variance, gradient
}

// enclosures prints the proven bounds of the growth.
func enclosures(ctx context.Context, w io.Writer) error {
	fmt.Fprintln(w, "\nProven bounds for SELU over the domains of the theorems")
	for _, theorem := range []theory.Theorem{theory.Theorem1, theory.Theorem2, theory.Theorem3} {
		all, err := theory.Prover{}.Gradients(ctx, theorem)
		if err != nil {
			return err
		}
		for _, b := range all {
			over := b.Over(32)
			fmt.Fprintf(w, "%v; 32 layers: %.3g to %.3g\n", b, over.Lo, over.Hi)
		}
	}
	return nil
}

// drawGradients draws the variance of activations and of gradients by layer: the theory as lines, means of networks as circles.
func drawGradients(dir string, all []flow) error {
	forward, backward := plot.New(), plot.New()
	style(forward, "Forward and backward by depth: theory (lines), means of real networks (circles)", "", "variance of activations")
	style(backward, "", "layer", "variance of gradients, last layer = 1")
	for _, p := range []*plot.Plot{forward, backward} {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powersOfTen)
	}
	for i, f := range all {
		name := f.name()
		var variance, gradient, measuredVariance, measuredGradient []float64
		for k, s := range f.byTheory {
			variance, measuredVariance = append(variance, s.Output.Variance), append(measuredVariance, f.real[k].moments.Variance)
			if k > 0 {
				gradient, measuredGradient = append(gradient, s.OutputGradient), append(measuredGradient, f.real[k].gradient)
			}
		}
		if err := addCurve(forward, i, "", 0, variance, measuredVariance); err != nil {
			return err
		}
		if err := addCurve(backward, i, name, 1, gradient, measuredGradient); err != nil {
			return err
		}
	}
	alignLayers(forward, backward)
	spread(forward)
	spread(backward)
	backward.Legend.Top, backward.Legend.Padding = true, vg.Points(2)
	return write(filepath.Join(dir, "gradients"), 20*vg.Centimeter, 22*vg.Centimeter, [][]*plot.Plot{{forward}, {backward}})
}
