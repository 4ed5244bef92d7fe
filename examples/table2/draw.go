package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// colours by network (Okabe and Ito 2008).
var colours = []color.RGBA{
	{R: 0, G: 114, B: 178, A: 255}, {R: 213, G: 94, B: 0, A: 255}, {R: 0, G: 158, B: 115, A: 255}, {R: 204, G: 121, B: 167, A: 255},
	{R: 230, G: 159, B: 0, A: 255}, {R: 86, G: 180, B: 233, A: 255}, {R: 90, G: 90, B: 90, A: 255},
}

// draw writes the picture, ROC-AUC by depth, as SVG and PNG. Solid lines are ours, with bars of a standard deviation, and dashed ones the paper's.
func (r *report) draw(out string) error {
	p := plot.New()
	p.Title.Text = "Tox21: mean ROC-AUC of the test compounds by depth"
	p.X.Label.Text, p.Y.Label.Text = "hidden layers, or residual blocks", "ROC-AUC, percent"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, depthTicks(r.Layers)
	p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs, p.Legend.Padding = true, vg.Points(8), vg.Points(8), vg.Points(2)
	p.Add(plotter.NewGrid())
	for i, net := range r.Nets {
		if err := r.drawNet(p, i, net); err != nil {
			return err
		}
	}
	p.Y.Min, p.Y.Max = math.Max(p.Y.Min, 50), math.Min(100, p.Y.Max+0.5)
	var failures []error
	for _, format := range []string{"svg", "png"} {
		drawing, err := p.WriterTo(22*vg.Centimeter, 14*vg.Centimeter, format)
		if err != nil {
			return err
		}
		failures = append(failures, output.Write(filepath.Join(out, figure+"."+format), func(w io.Writer) error {
			_, err := drawing.WriteTo(w)
			return err
		}))
	}
	return program.Join(failures...)
}

// drawNet adds the lines of a network. Its points lie a little beside each other, so that bars do not hide each other.
func (r *report) drawNet(p *plot.Plot, i int, net string) error {
	var ours struct {
		plotter.XYs
		plotter.YErrors
	}
	var theirs plotter.XYs
	beside := math.Pow(1.012, float64(i)-float64(len(r.Nets)-1)/2)
	for _, layers := range r.Layers {
		x := float64(layers) * beside
		if c := r.cell(net, layers); c != nil {
			d := 100 * deviation(c.ROCAUC)
			ours.XYs = append(ours.XYs, plotter.XY{X: x, Y: 100 * mean(c.ROCAUC)})
			ours.YErrors = append(ours.YErrors, struct{ Low, High float64 }{d, d})
		}
		if q, ok := r.published[key(net, layers)]; ok {
			theirs = append(theirs, plotter.XY{X: x, Y: q.mean})
		}
	}
	c := colours[i%len(colours)]
	if len(ours.XYs) > 0 {
		line, err := plotter.NewLine(ours.XYs)
		if err != nil {
			return err
		}
		bars, err := plotter.NewYErrorBars(ours)
		if err != nil {
			return err
		}
		line.Color, bars.Color, line.Width = c, c, vg.Points(1.5)
		p.Add(line, bars)
		p.Legend.Add(net, line)
	}
	if len(theirs) > 0 {
		line, err := plotter.NewLine(theirs)
		if err != nil {
			return err
		}
		line.Color, line.Dashes, line.Width = c, []vg.Length{vg.Points(4), vg.Points(4)}, vg.Points(0.8)
		p.Add(line)
	}
	return nil
}

// depthTicks marks the depths.
type depthTicks []int

// Ticks implements plot.Ticker.
func (d depthTicks) Ticks(_, _ float64) (all []plot.Tick) {
	for _, n := range d {
		all = append(all, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	return all
}
