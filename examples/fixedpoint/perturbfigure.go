package main

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawPerturbations draws the differences of variance and of activations by layer, and those of the variance by step and layer.
func drawPerturbations(name string, all []perturbedNetwork, trained []overSteps) error {
	variance, distance := plot.New(), plot.New()
	style(variance, "Variance by layer: map (lines) and networks (circles)", "layer", "difference to the unperturbed network")
	style(distance, "Activations by layer", "layer", "difference / standard deviation")
	for i, f := range all {
		var byMap, real, apart plotter.XYs
		for k := 1; k < len(f.real.variance); k++ {
			byMap = append(byMap, plotter.XY{X: float64(k), Y: f.byMap.variance[k]})
			real = append(real, plotter.XY{X: float64(k), Y: f.real.variance[k]})
			apart = append(apart, plotter.XY{X: float64(k), Y: f.real.distance[k]})
		}
		line, err := plotter.NewLine(byMap)
		if err != nil {
			return err
		}
		dots, err := plotter.NewScatter(real)
		if err != nil {
			return err
		}
		far, err := plotter.NewLine(apart)
		if err != nil {
			return err
		}
		c := colours[i%len(colours)]
		line.Color, line.Width, far.Color, far.Width = c, vg.Points(1.6), c, vg.Points(1.6)
		dots.GlyphStyle = draw.GlyphStyle{Color: c, Radius: vg.Points(2.2), Shape: draw.RingGlyph{}}
		variance.Add(line, dots)
		distance.Add(far)
		distance.Legend.Add(f.activation.name+", "+f.perturbation.name, far)
	}
	distance.Legend.Top, distance.Legend.Left, distance.Legend.XOffs = true, true, vg.Points(6)
	distance.Y.Min, distance.Y.Max = 0, 1.6*distance.Y.Max // room for the legend
	grid := [][]*plot.Plot{{variance, distance}, nil}
	for _, s := range trained {
		heat, err := heatMap(s)
		if err != nil {
			return err
		}
		grid[1] = append(grid[1], heat)
	}
	return write(name, 26*vg.Centimeter, 22*vg.Centimeter, grid)
}

// heatMap draws the difference of the variance: grey is none.
func heatMap(s overSteps) (*plot.Plot, error) {
	most := 0.0
	for _, row := range s.variance {
		for _, v := range row {
			most = math.Max(most, math.Abs(v))
		}
	}
	if most == 0 {
		most = 1
	}
	p := plot.New()
	style(p, fmt.Sprintf("Variance through training, rate %g: blue -%.2f, red +%.2f", s.rate, most, most), "step", "layer")
	colors := moreland.SmoothBlueRed()
	colors.SetMin(-most)
	colors.SetMax(most)
	h := plotter.NewHeatMap(grid{s}, colors.Palette(255))
	h.Min, h.Max = -most, most
	h.NaN = color.White
	p.Add(h)
	return p, nil
}

// grid makes overSteps a plotter.GridXYZ.
type grid struct{ overSteps }

// Dims implements plotter.GridXYZ.
func (g grid) Dims() (columns, rows int) { return len(g.steps), trainedLayers }

// Z implements plotter.GridXYZ.
func (g grid) Z(column, row int) float64 { return g.variance[column][row] }

// X implements plotter.GridXYZ.
func (g grid) X(column int) float64 { return float64(g.steps[column]) }

// Y implements plotter.GridXYZ.
func (g grid) Y(row int) float64 { return float64(row + 1) }
