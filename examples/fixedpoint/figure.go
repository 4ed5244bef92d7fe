package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/nn/theory"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	blue    = color.RGBA{R: 31, G: 119, B: 180, A: 255}
	red     = color.RGBA{R: 214, G: 39, B: 40, A: 255}
	colours = []color.RGBA{blue, {R: 255, G: 127, B: 14, A: 255}, {R: 44, G: 160, B: 44, A: 255}, {R: 110, G: 110, B: 110, A: 255}, red,
		{R: 148, G: 103, B: 189, A: 255}, {R: 140, G: 86, B: 75, A: 255}, {R: 23, G: 190, B: 207, A: 255}}
)

// drawMap draws Figure 2 of the paper: arrows from (mu, nu) towards g(mu, nu) for omega = 0 and tau = 1, and paths through eight layers.
func drawMap(dir string) error {
	layer := theory.Layer{Weights: theory.LeCun}
	field := arrows{color: blue, width: vg.Points(0.9), head: vg.Points(6)}
	for i := range 11 {
		for k := range 15 {
			m := theory.Moments{Mean: -0.1 + 0.02*float64(i), Variance: 0.8 + 0.05*float64(k)}
			next, err := layer.Map(m)
			if err != nil {
				return err
			}
			const part = 1.0 / 6 // of the way
			field.from = append(field.from, plotter.XY{X: m.Mean, Y: m.Variance})
			field.to = append(field.to, plotter.XY{X: m.Mean + part*(next.Mean-m.Mean), Y: m.Variance + part*(next.Variance-m.Variance)})
		}
	}
	p := plot.New()
	style(p, "SELU's moment map g for ω = 0, τ = 1", "mean μ", "variance ν")
	p.Add(field)
	steps := arrows{color: red, width: vg.Points(1.4), head: vg.Points(8)}
	for _, start := range []theory.Moments{{Mean: -0.1, Variance: 1.5}, {Mean: 0.1, Variance: 0.8}} {
		path, err := layer.Iterate(start, 24)
		if err != nil {
			return err
		}
		for i := range path[1:] {
			steps.from = append(steps.from, plotter.XY{X: path[i].Mean, Y: path[i].Variance})
			steps.to = append(steps.to, plotter.XY{X: path[i+1].Mean, Y: path[i+1].Variance})
		}
	}
	fixed, err := plotter.NewScatter(plotter.XYs{{X: 0, Y: 1}})
	if err != nil {
		return err
	}
	fixed.GlyphStyle = draw.GlyphStyle{Color: color.Black, Radius: vg.Points(4), Shape: draw.CircleGlyph{}}
	p.Add(steps, fixed)
	p.Legend.Add("a sixth of the way to g(μ, ν)", swatch(field))
	p.Legend.Add("two networks, layer by layer", swatch(steps))
	p.Legend.Add("fixed point (0, 1)", fixed)
	p.Legend.Top, p.Legend.Padding = true, vg.Points(3)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.106, 0.106, 0.77, 1.65
	p.X.Tick.Marker = plot.ConstantTicks{{Value: -0.1, Label: "-0.1"}, {Value: -0.05, Label: "-0.05"}, {Value: 0, Label: "0"}, {Value: 0.05, Label: "0.05"}, {Value: 0.1, Label: "0.1"}}
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0.8, Label: "0.8"}, {Value: 1, Label: "1"}, {Value: 1.2, Label: "1.2"}, {Value: 1.4, Label: "1.4"}}
	return write(filepath.Join(dir, "map"), 16*vg.Centimeter, 15*vg.Centimeter, [][]*plot.Plot{{p}})
}

// swatch is an arrow's thumbnail in a legend.
func swatch(a arrows) plot.Thumbnailer {
	return &plotter.Line{LineStyle: draw.LineStyle{Color: a.color, Width: a.width}}
}

// drawLayers draws mean and variance by layer: the map as lines, networks as circles.
func drawLayers(dir string, all []curves) error {
	mean, variance := plot.New(), plot.New()
	style(mean, "Activations by layer: moment map (lines) and real networks (circles)", "", "mean")
	style(variance, "", "layer", "variance (log scale)")
	variance.Y.Scale, variance.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powersOfTen)
	for i, c := range all {
		for k, p := range []*plot.Plot{mean, variance} {
			line, err := plotter.NewLine(points(c.byMap, k == 1))
			if err != nil {
				return err
			}
			line.Color, line.Width = colours[i%len(colours)], vg.Points(1.6)
			p.Add(line)
			for _, path := range c.real {
				dots, err := plotter.NewScatter(points(path, k == 1))
				if err != nil {
					return err
				}
				dots.GlyphStyle = draw.GlyphStyle{Color: colours[i%len(colours)], Radius: vg.Points(1.8), Shape: draw.RingGlyph{}}
				p.Add(dots)
			}
			if k == 1 {
				p.Legend.Add(c.name(), line)
			}
		}
	}
	variance.Legend.Left, variance.Legend.XOffs, variance.Legend.YOffs, variance.Legend.Padding = true, vg.Points(12), vg.Points(12), vg.Points(2)
	return write(filepath.Join(dir, "layers"), 20*vg.Centimeter, 20*vg.Centimeter, [][]*plot.Plot{{mean}, {variance}})
}

// points are means or variances by layer; a log scale has no place for a variance of 0.
func points(path []theory.Moments, variance bool) (xy plotter.XYs) {
	for i, m := range path {
		switch {
		case !variance:
			xy = append(xy, plotter.XY{X: float64(i), Y: m.Mean})
		case m.Variance > 0:
			xy = append(xy, plotter.XY{X: float64(i), Y: m.Variance})
		}
	}
	return xy
}

// powersOfTen labels at most eight of them.
func powersOfTen(low, high float64) (ticks []plot.Tick) {
	first, last := int(math.Ceil(math.Log10(low)-1e-9)), int(math.Floor(math.Log10(high)+1e-9))
	every := (last-first)/8 + 1
	for e := first; e <= last; e++ {
		tick := plot.Tick{Value: math.Pow(10, float64(e))}
		if e%every == 0 {
			tick.Label = fmt.Sprintf("%g", tick.Value)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

func style(p *plot.Plot, title, x, y string) {
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(6)
	for _, f := range []*font.Font{&p.Title.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font} {
		f.Typeface, f.Variant, f.Size = "Liberation", "Sans", vg.Points(11)
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{Y: 225}, color.Gray{Y: 225}
	p.Add(grid)
}

// write draws rows of plots, all of the same length, into NAME.svg and NAME.png.
func write(name string, w, h vg.Length, plots [][]*plot.Plot) error {
	var failures []error
	for _, format := range []string{"svg", "png"} {
		canvas, err := draw.NewFormattedCanvas(w, h, format)
		if err != nil {
			return err
		}
		tiles := draw.Tiles{Rows: len(plots), Cols: len(plots[0]), PadX: vg.Points(8), PadTop: vg.Points(4), PadBottom: vg.Points(4), PadLeft: vg.Points(4), PadRight: vg.Points(12), PadY: vg.Points(8)}
		for i, row := range plot.Align(plots, tiles, draw.New(canvas)) {
			for k, tile := range row {
				plots[i][k].Draw(tile)
			}
		}
		failures = append(failures, output.Write(name+"."+format, func(w io.Writer) error {
			_, err := canvas.WriteTo(w)
			return err
		}))
	}
	return program.Join(failures...)
}
