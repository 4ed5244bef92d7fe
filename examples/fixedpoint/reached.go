package main

import (
	"fmt"
	"image/color"
	"math"
	"path/filepath"
	"slices"

	"github.com/selfnorm/selfnorm/nn/theory"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawReached draws the enclosures of a certificate, layer by layer, as a whole and close to the target.
func drawReached(dir, name string, c theory.GlobalCertificate) error {
	g := c.Global
	all, close := plot.New(), plot.New()
	style(all, "Mean and variance that can be reached, with any weights in each layer", "", "variance (log scale)")
	style(close, "", "mean", "variance (log scale)")
	shown := layersShown(c.N)
	for _, p := range []*plot.Plot{all, close} {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(variances(0.01, 100))
		for i, k := range shown {
			area, err := plotter.NewPolygon(outline(c.Layers[k].Regions))
			if err != nil {
				return err
			}
			dark := float64(i) / float64(max(len(shown)-1, 1))
			area.Color = color.RGBA{R: uint8(225 - 215*dark), G: uint8(238 - 180*dark), B: uint8(248 - 110*dark), A: 255}
			area.LineStyle = draw.LineStyle{Color: color.RGBA{R: 40, G: 70, B: 110, A: 255}, Width: vg.Points(0.6)}
			p.Add(area)
			if p == all {
				p.Legend.Add(after(k), area)
			}
		}
		if err := mark(p, c, p == all); err != nil {
			return err
		}
	}
	all.Legend.Top, all.Legend.Left, all.Legend.XOffs, all.Legend.Padding = false, true, vg.Points(8), vg.Points(2)
	all.Legend.YOffs = vg.Points(8)
	first := c.Layers[0].Hull.Nu
	start := g.Start.Mu
	all.X.Min, all.X.Max = start.Lo-0.06*start.Width(), max(start.Hi, c.Layers[min(1, c.N)].Hull.Mu.Hi)+0.06*start.Width()
	all.Y.Min, all.Y.Max = min(first.Lo, g.Target.Nu.Lo)*0.8, max(first.Hi, g.Target.Nu.Hi)*1.25
	target := g.Target
	close.X.Min, close.X.Max = target.Mu.Lo-0.3*target.Mu.Width(), target.Mu.Hi+1.2*target.Mu.Width()
	close.Y.Min, close.Y.Max = max(target.Nu.Lo/6, all.Y.Min), min(target.Nu.Hi*3, all.Y.Max)
	return write(filepath.Join(dir, name), 18*vg.Centimeter, 24*vg.Centimeter, [][]*plot.Plot{{all}, {close}})
}

// mark adds the target, and the path that is longest outside it.
func mark(p *plot.Plot, c theory.GlobalCertificate, legend bool) error {
	t := c.Global.Target
	border, err := plotter.NewLine(plotter.XYs{{X: t.Mu.Lo, Y: t.Nu.Lo}, {X: t.Mu.Hi, Y: t.Nu.Lo}, {X: t.Mu.Hi, Y: t.Nu.Hi}, {X: t.Mu.Lo, Y: t.Nu.Hi}, {X: t.Mu.Lo, Y: t.Nu.Lo}})
	if err != nil {
		return err
	}
	border.Color, border.Width, border.Dashes = red, vg.Points(1.4), []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(border)
	if legend {
		p.Legend.Add("target", border)
	}
	if c.Counterexample == nil {
		return nil
	}
	selu := theory.Params{Lambda: c.Lambda.Mid(), Alpha: c.Alpha.Mid()}
	m := c.Counterexample.Start
	xy := plotter.XYs{{X: m.Mean, Y: m.Variance}}
	for _, w := range c.Counterexample.Weights {
		if m, err = (theory.Layer{Activation: selu, Weights: w}).Map(m); err != nil {
			return err
		}
		xy = append(xy, plotter.XY{X: m.Mean, Y: m.Variance})
	}
	line, dots, err := plotter.NewLinePoints(xy)
	if err != nil {
		return err
	}
	line.Color, line.Width = colours[1], vg.Points(0.8)
	dots.GlyphStyle = draw.GlyphStyle{Color: colours[1], Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	p.Add(line, dots)
	if legend {
		p.Legend.Add(fmt.Sprintf("a network outside after %d", len(xy)-1), line, dots)
	}
	return nil
}

// outline goes up the left sides of the rectangles and down the right sides.
func outline(regions []theory.Region) (xy plotter.XYs) {
	for _, r := range regions {
		xy = append(xy, plotter.XY{X: r.Mu.Lo, Y: r.Nu.Lo}, plotter.XY{X: r.Mu.Lo, Y: r.Nu.Hi})
	}
	for _, r := range slices.Backward(regions) {
		xy = append(xy, plotter.XY{X: r.Mu.Hi, Y: r.Nu.Hi}, plotter.XY{X: r.Mu.Hi, Y: r.Nu.Lo})
	}
	return xy
}

// layersShown returns at most nine numbers of layers from 0 to n, closer together where the sets change most.
func layersShown(n int) (shown []int) {
	const most = 8
	for i := range most + 1 {
		x := float64(i) / most
		if k := int(math.Round(float64(n) * x * x)); len(shown) == 0 || k > shown[len(shown)-1] {
			shown = append(shown, k)
		}
	}
	return shown
}

// after names a number of layers.
func after(k int) string {
	switch k {
	case 0:
		return "inputs"
	case 1:
		return "after 1 layer"
	}
	return fmt.Sprintf("after %d layers", k)
}

// variances are the ticks 1, 2, 5 times powers of ten from low to high.
func variances(low, high float64) (ticks []plot.Tick) {
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high); e++ {
		for _, d := range []float64{1, 2, 5} {
			x := d * math.Pow(10, e)
			ticks = append(ticks, plot.Tick{Value: x, Label: fmt.Sprintf("%.4g", x)})
		}
	}
	return ticks
}
