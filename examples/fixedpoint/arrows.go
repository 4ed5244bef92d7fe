package main

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// arrows is a plotter of arrows from one point to another.
type arrows struct {
	from, to plotter.XYs
	color    color.Color
	width    vg.Length
	head     vg.Length
}

// Plot draws the arrows; the head shrinks with a short arrow, so that its direction stays visible.
func (a arrows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: a.color, Width: a.width}
	for i := range a.from {
		tail := vg.Point{X: x(a.from[i].X), Y: y(a.from[i].Y)}
		tip := vg.Point{X: x(a.to[i].X), Y: y(a.to[i].Y)}
		length := vg.Length(math.Hypot(float64(tip.X-tail.X), float64(tip.Y-tail.Y)))
		if length < vg.Points(0.5) {
			continue
		}
		along := vg.Point{X: (tip.X - tail.X) / length, Y: (tip.Y - tail.Y) / length}
		head := min(a.head, length*0.6)
		at := func(back, aside vg.Length) vg.Point {
			return vg.Point{X: tip.X - along.X*back - along.Y*aside, Y: tip.Y - along.Y*back + along.X*aside}
		}
		c.StrokeLine2(style, tail.X, tail.Y, at(head*0.8, 0).X, at(head*0.8, 0).Y)
		c.FillPolygon(a.color, []vg.Point{tip, at(head, head*0.35), at(head, -head*0.35)})
	}
}

// DataRange makes room for both ends.
func (a arrows) DataRange() (xmin, xmax, ymin, ymax float64) {
	return plotter.XYRange(append(append(plotter.XYs{}, a.from...), a.to...))
}
