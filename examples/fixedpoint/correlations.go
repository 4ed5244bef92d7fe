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

// rowFlow is the correlation of two rows by layer, from the inputs on: by the theory, and the means of real networks.
type rowFlow struct {
	signalled
	byTheory []theory.RowSignal
	real     []depth
}

// followCorrelations prints where the correlation of two rows leads, compares the theory with networks, and draws.
func followCorrelations(ctx context.Context, o options, w io.Writer) error {
	if err := limits(w, o.start); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nTwo rows of correlation %g through %d layers, by the theory and in %d networks of %d units on %d pairs, means of the networks\n", o.correlation, o.layers, o.networks, o.units, o.rows/2)
	fmt.Fprintln(t, "network\tbehind them\tin networks\tgradients in front, behind = 1\tin networks\tgreatest difference of a layer: rows\tgradients")
	var all []rowFlow
	for _, n := range followed {
		f := rowFlow{signalled: n}
		layer, err := n.layer()
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		if f.byTheory, err = theory.Deep(layer, o.layers).Rows(o.start, o.correlation); err != nil {
			return errors.Wrap(err, n.name())
		}
		if f.real, err = n.measureAll(ctx, o, true); err != nil {
			return err
		}
		all = append(all, f)
		rows, gradients := f.differences()
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%.3f\t%.3f\n", n.name(), number(f.byTheory[o.layers].Correlation), number(f.real[o.layers].correlation),
			number(f.byTheory[1].Gradient), number(f.real[1].gradientCorrelation), rows, gradients)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return errors.Wrap(drawCorrelations(o.out, all), "correlations")
}

// limits prints the fixed points of the maps of correlations.
func limits(w io.Writer, start theory.Moments) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Correlation of two rows in random networks, at the moments that they reach from mean %g and variance %g\n", start.Mean, start.Variance)
	fmt.Fprintln(t, "network\tlimit\trate\tlayers for a factor of e\tchi\tcorrelation of gradients, per layer")
	for _, n := range followed {
		layer, err := n.layer()
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		at, err := layer.FixedPoint(start)
		if errors.Is(err, theory.ErrNoFixedPoint) {
			fmt.Fprintf(t, "%s\t-\t-\t-\t-\tno fixed point is reached\n", n.name())
			continue
		}
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		f, err := layer.CorrelationFixedPoint(at.Moments)
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		back, err := layer.GradientCorrelation(at.Moments, f.Correlation)
		if err != nil {
			return errors.Wrap(err, n.name())
		}
		layers := "slower than by factors"
		if d := f.Depth(); !math.IsInf(d, 1) {
			layers = fmt.Sprintf("%.1f", d)
		}
		fmt.Fprintf(t, "%s\t%s\t%.4f\t%s\t%.4f\t%.4f\n", n.name(), number(f.Correlation), f.Rate, layers, f.Chi, back)
	}
	return t.Flush()
}

// differences returns the greatest differences of a layer's correlation, and of that of its gradients, from the theory.
func (f rowFlow) differences() (rows, gradients float64) {
	for i := 1; i < len(f.real); i++ {
		rows = max(rows, math.Abs(f.real[i].correlation-f.byTheory[i].Correlation))
		gradients = max(gradients, math.Abs(f.real[i].gradientCorrelation-f.byTheory[i].Gradient))
	}
	return rows, gradients
}

// drawCorrelations draws the correlation of rows and of their gradients by layer: the theory as lines, means of networks as circles.
func drawCorrelations(dir string, all []rowFlow) error {
	forward, backward := plot.New(), plot.New()
	style(forward, "Correlation of two rows by depth: theory (lines), means of real networks (circles)", "", "of activations")
	style(backward, "", "layer", "of gradients, last layer = 1")
	for i, f := range all {
		var rows, measuredRows, gradients, measuredGradients []float64
		for k, s := range f.byTheory {
			rows, measuredRows = append(rows, s.Correlation), append(measuredRows, f.real[k].correlation)
			if k > 0 {
				gradients, measuredGradients = append(gradients, s.Gradient), append(measuredGradients, f.real[k].gradientCorrelation)
			}
		}
		if err := addCurve(forward, i, "", 0, rows, measuredRows); err != nil {
			return err
		}
		if err := addCurve(backward, i, f.name(), 1, gradients, measuredGradients); err != nil {
			return err
		}
	}
	alignLayers(forward, backward)
	backward.Legend.Top, backward.Legend.Left, backward.Legend.Padding = true, true, vg.Points(2)
	backward.Legend.XOffs, backward.Legend.YOffs = vg.Points(12), vg.Points(-26) // below the line of tanh
	forward.Y.Min, forward.Y.Max = min(forward.Y.Min, 0), 1
	return write(filepath.Join(dir, "correlations"), 20*vg.Centimeter, 22*vg.Centimeter, [][]*plot.Plot{{forward}, {backward}})
}
