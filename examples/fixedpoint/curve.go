package main

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// addCurve adds a line for the theory and circles for measurements, by layer from first on, in the colour of case i.
func addCurve(p *plot.Plot, i int, name string, first int, byTheory, measured []float64) error {
	at := func(values []float64) (xy plotter.XYs) {
		for k, v := range values {
			xy = append(xy, plotter.XY{X: float64(first + k), Y: v})
		}
		return xy
	}
	line, err := plotter.NewLine(at(byTheory))
	if err != nil {
		return err
	}
	line.Color, line.Width = colours[i%len(colours)], vg.Points(1.6)
	dots, err := plotter.NewScatter(at(measured))
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: colours[i%len(colours)], Radius: vg.Points(2.2), Shape: draw.RingGlyph{}}
	p.Add(line, dots)
	if name != "" {
		p.Legend.Add(name, line, dots)
	}
	return nil
}

// alignLayers gives plots the same axis of layers, from the inputs on.
func alignLayers(plots ...*plot.Plot) {
	for _, p := range plots {
		p.X.Min, p.X.Max = 0, plots[0].X.Max
	}
}

// spread widens a logarithmic axis to powers of ten, so that it has at least two labels.
func spread(p *plot.Plot) {
	low, high := math.Floor(math.Log10(p.Y.Min)), math.Ceil(math.Log10(p.Y.Max))
	if low == high {
		high++
	}
	p.Y.Min, p.Y.Max = math.Pow(10, low), math.Pow(10, high)
}
