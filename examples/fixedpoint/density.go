package main

import (
	"context"
	"fmt"
	"image/color"
	"io"
	"math"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	_ "github.com/selfnorm/selfnorm/datasets/tox21" // for datasets.Open
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The network of -density is the paper's best on Tox21, 8 layers, narrower.
const (
	densityLayers = 8
	densityRows   = 512 // compounds whose pre-activations are looked at
)

// preActivations draws Figure A8: the distributions of the pre-activations of a network before and after its training on Tox21.
func preActivations(ctx context.Context, o options, w io.Writer) error {
	set, err := datasets.OpenContext(ctx, "tox21", datasets.Options{StandIn: o.synthetic, Seed: o.seed})
	if err != nil {
		return err
	}
	return o.densities(ctx, set, w)
}

// densities trains a network on the training rows of a set.
func (o options) densities(ctx context.Context, set *datasets.Set, w io.Writer) error {
	rows := o.some(set.Rows(datasets.Train))
	fit, err := set.Subset(rows)
	if err != nil {
		return err
	}
	net, err := graphs.New(graphs.SNN{Layers: densityLayers, Units: o.units, Outputs: set.Outputs(), Dropout: 0.05}, set.Inputs(), graphs.BCE, graphs.Seed(o.seed))
	if err != nil {
		return err
	}
	p, err := newPass(net, set, rows[:min(densityRows, len(rows))])
	if err != nil {
		return err
	}
	defer p.close()
	before, err := p.distributions(0)
	if err != nil {
		return err
	}
	epochs := orElse(o.epochs, 40)
	h, err := train.Fit(ctx, net, fit, train.Config{Epochs: epochs, Seed: o.seed, Optimizer: optim.SGD{Rate: 0.05}, Warn: func(string) {}})
	if err != nil {
		return err
	}
	after, err := p.distributions(epochs)
	if err != nil {
		return err
	}
	first, last := h.Epochs[0].Loss, h.Epochs[len(h.Epochs)-1].Loss
	fmt.Fprintf(w, "%s.\nPre-activations of %d compounds; %d layers of %d units, plain gradient descent, %d epochs, loss %.4f in the first and %.4f in the last\n",
		set.Notes, p.graph.Batch(), densityLayers, o.units, epochs, first, last)
	if err := printDistributions(w, before, after); err != nil {
		return err
	}
	return drawDensities(o.picture("density"), epochs, before, after)
}

// distributions runs the network and describes the pre-activations of its layers.
func (p *pass) distributions(step int) ([]callback.LayerDistribution, error) {
	if err := p.run(); err != nil {
		return nil, err
	}
	d := callback.DistributionsOf(p.graph, step)
	if len(d.Layers) != densityLayers+1 {
		return nil, errors.Errorf("%d layers have finite pre-activations, want %d", len(d.Layers), densityLayers+1)
	}
	return d.Layers, nil
}

// printDistributions prints a row per layer, before and after.
func printDistributions(w io.Writer, before, after []callback.LayerDistribution) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tbefore training\t\t\t\t\t\t\tafter training")
	head := "mean\tsd\tskewness\tkurtosis\tdistance\tto N(0, 1)\tof a unit"
	fmt.Fprintf(t, "layer\t%s\t%s\n", head, head)
	for i := range before {
		fmt.Fprint(t, before[i].Name)
		for _, d := range []callback.LayerDistribution{before[i], after[i]} {
			fmt.Fprintf(t, "\t%.3f\t%.3f\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f", d.Mean, d.SD, d.Skewness, d.Kurtosis, d.Kolmogorov, d.Standard, d.UnitKolmogorov)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// drawDensities draws densities of some layers beside that of the standard normal distribution, before training above and after it below.
func drawDensities(name string, epochs int, before, after []callback.LayerDistribution) error {
	var grid [2][]*plot.Plot
	for k, i := range []int{0, 1, densityLayers/2 - 1, densityLayers - 1} {
		for row, all := range [][]callback.LayerDistribution{before, after} {
			title, label := fmt.Sprintf("layer %d, before training", i+1), ""
			if row == 1 {
				title = fmt.Sprintf("layer %d, after %d epochs", i+1, epochs)
			}
			if k == 0 {
				label = "density"
			}
			p, err := densityPlot(all[i], title, label, k == 0 && row == 0)
			if err != nil {
				return err
			}
			grid[row] = append(grid[row], p)
		}
	}
	return write(name, 32*vg.Centimeter, 17*vg.Centimeter, grid[:])
}

// densityPlot draws the density of a layer, and those of the standard normal distribution and of the normal one with the same mean and variance.
func densityPlot(d callback.LayerDistribution, title, label string, legend bool) (*plot.Plot, error) {
	const reach = 6.5
	p := plot.New()
	style(p, title, "pre-activation z", label)
	var kernel, standard, fitted plotter.XYs
	low, high := d.Span()
	for i, y := range d.Density {
		kernel = append(kernel, plotter.XY{X: low + (high-low)*float64(i)/float64(len(d.Density)-1), Y: y})
	}
	for x := -reach; x <= reach; x += 0.05 {
		standard = append(standard, plotter.XY{X: x, Y: normalDensity(x, 0, 1)})
		fitted = append(fitted, plotter.XY{X: x, Y: normalDensity(x, d.Mean, d.SD)})
	}
	for _, curve := range []struct {
		name  string
		xy    plotter.XYs
		style draw.LineStyle
	}{
		{"standard normal", standard, draw.LineStyle{Color: color.Black, Width: vg.Points(1.2)}},
		{"pre-activations", kernel, draw.LineStyle{Color: red, Width: vg.Points(2)}},
		{"normal, fitted", fitted, draw.LineStyle{Color: blue, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(3), vg.Points(3)}}},
	} {
		line, err := plotter.NewLine(curve.xy)
		if err != nil {
			return nil, err
		}
		line.LineStyle = curve.style
		p.Add(line)
		if legend {
			p.Legend.Add(curve.name, line)
		}
	}
	p.X.Min, p.X.Max, p.Y.Min = -reach, reach, 0
	p.Legend.Top, p.Legend.Left = true, true
	if legend {
		p.Y.Max *= 1.35 // room for the legend
	}
	return p, nil
}

func normalDensity(x, mean, sd float64) float64 {
	z := (x - mean) / sd
	return math.Exp(-z*z/2) / (sd * math.Sqrt(2*math.Pi))
}

// orElse returns n, or the other number if n is 0.
func orElse(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}
