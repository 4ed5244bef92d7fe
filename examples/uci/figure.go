package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/internal/output"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pictures are the extensions of -figure.
var pictures = []string{".svg", ".png"}

func isPicture(path string) bool { return slices.Contains(pictures, filepath.Ext(path)) }

// shade is the colour of bar k of n, from light to dark blue.
func shade(k, n int) color.Color {
	part := float64(k) / math.Max(1, float64(n-1))
	mix := func(light, dark float64) uint8 { return uint8(light + part*(dark-light)) }
	return color.RGBA{R: mix(190, 10), G: mix(215, 60), B: mix(240, 120), A: 255}
}

// draw draws the histograms, a group of bars for each network, into an SVG or PNG file.
func (d *chosenDepths) draw(path string) error {
	if path == "" || d == nil {
		return nil
	}
	p := plot.New()
	p.Title.Text = "Hidden layers of the selected networks (residual networks: blocks)"
	p.Y.Label.Text = "share of tasks and folds"
	p.Title.Padding = vg.Points(6)
	p.Legend.TextStyle.Font.Size = vg.Points(10)
	for _, f := range []*font.Font{&p.Title.TextStyle.Font, &p.Y.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font} {
		f.Typeface, f.Variant, f.Size = "Liberation", "Sans", vg.Points(10)
	}
	lines := plotter.NewGrid()
	lines.Vertical.Width, lines.Horizontal.Color = 0, color.Gray{Y: 225}
	p.Add(lines)
	width := 2.4 * vg.Centimeter / vg.Length(len(d.layers))
	for k, layers := range d.layers {
		bars, err := plotter.NewBarChart(d.shares(k), width)
		if err != nil {
			return err
		}
		bars.Color, bars.LineStyle.Width = shade(k, len(d.layers)), 0
		bars.Offset = width * vg.Length(float64(k)-float64(len(d.layers)-1)/2)
		p.Add(bars)
		p.Legend.Add(fmt.Sprint(layers), bars)
	}
	names := make([]string, len(d.nets))
	for i, net := range d.nets {
		names[i] = fmt.Sprintf("%s\nmean %.1f\npaper %s", net, d.mean(i), strings.ReplaceAll(paperDepth(net), " to ", "–"))
	}
	p.NominalX(names...)
	p.Y.Min, p.Y.Max = 0, (1.05+0.04*float64(len(d.layers)))*p.Y.Max // room for the legend
	p.Legend.Top, p.Legend.Padding = true, vg.Points(2)
	canvas, err := draw.NewFormattedCanvas(vg.Length(2+3.2*float64(len(d.nets)))*vg.Centimeter, 11*vg.Centimeter, strings.TrimPrefix(filepath.Ext(path), "."))
	if err != nil {
		return err
	}
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(4), -vg.Points(8), vg.Points(4), -vg.Points(4)))
	return output.Write(path, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}

// shares are those of the tasks and folds with depth k, by network.
func (d *chosenDepths) shares(k int) plotter.Values {
	var shares plotter.Values
	for _, counts := range d.counts {
		total := 0
		for _, n := range counts {
			total += n
		}
		shares = append(shares, float64(counts[k])/float64(max(1, total)))
	}
	return shares
}
