package figure1

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"strconv"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// writeCSV writes one line for each network and epoch.
func writeCSV(o Options, curves []curve) error {
	type point struct {
		curve
		epoch int
	}
	var points []point
	for _, c := range curves {
		for i := range c.loss {
			points = append(points, point{c, i})
		}
	}
	return output.Write(filepath.Join(o.out, "loss.csv"), func(w io.Writer) error {
		return program.WriteCSV(w, []string{"net", "layers", "epoch", "training_loss"}, len(points), func(i int) []string {
			p := points[i]
			return []string{p.net, fmt.Sprint(p.layers), fmt.Sprint(p.epoch + 1), fmt.Sprint(p.loss[p.epoch])}
		})
	})
}

// colours by network, and dashes by number of layers.
var (
	colours = []color.RGBA{{R: 31, G: 119, B: 180, A: 255}, {R: 214, G: 39, B: 40, A: 255}, {R: 120, G: 120, B: 120, A: 255}, {R: 44, G: 160, B: 44, A: 255}}
	dashes  = [][]vg.Length{nil, {vg.Points(6), vg.Points(3)}, {vg.Points(2), vg.Points(2)}}
)

// lossTicks marks the multiples of all powers of ten, of which plot.LogTicks misses those below the first power on the axis. It labels the
// powers, and on an axis of less than two decades twice and five times a power, too.
type lossTicks struct{}

// Ticks implements plot.Ticker.
func (lossTicks) Ticks(least, most float64) (ticks []plot.Tick) {
	if !(least > 0) || math.IsInf(most, 0) {
		return nil
	}
	for power := math.Floor(math.Log10(least)); power <= math.Log10(most); power++ {
		for i := 1.0; i < 10; i++ {
			tick := plot.Tick{Value: i * math.Pow(10, power)}
			if i == 1 || (i == 2 || i == 5) && most < 100*least {
				tick.Label = strconv.FormatFloat(tick.Value, 'g', 1, 64)
			}
			if tick.Value >= least && tick.Value <= most {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

// epochTicks are the usual ticks with labels such as 25 instead of 25.00.
func epochTicks(least, most float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(least, most)
	for i, t := range ticks {
		if t.Label != "" {
			ticks[i].Label = strconv.FormatFloat(t.Value, 'g', 4, 64)
		}
	}
	return ticks
}

// limit leaves room for the legend on the right, and sets limits that a logarithmic axis can have: positive, and different.
func limit(p *plot.Plot) {
	switch {
	case p.Y.Min > p.Y.Max: // no curve
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 1, 2, 0.1, 1
	case p.Y.Min == p.Y.Max:
		p.Y.Min, p.Y.Max = p.Y.Min/2, p.Y.Max*2
	}
	p.X.Max += 0.4 * (p.X.Max - p.X.Min)
}

// draw writes the curves as SVG and PNG.
func draw(o Options, curves []curve) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Training loss on %s, gradient descent at rate %g", o.images, o.rate)
	p.X.Label.Text, p.Y.Label.Text = "epoch", "cross-entropy (log scale)"
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, lossTicks{}
	p.X.Tick.Marker = plot.TickerFunc(epochTicks)
	p.Legend.Top, p.Legend.Padding = true, vg.Points(2)
	p.Add(plotter.NewGrid())
	for i, c := range curves {
		var points plotter.XYs
		for k, loss := range c.loss {
			if loss > 0 && !math.IsInf(loss, 0) {
				points = append(points, plotter.XY{X: float64(k + 1), Y: loss})
			}
		}
		if len(points) == 0 {
			continue
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return err
		}
		line.Color = colours[i/len(o.layers)%len(colours)]
		line.Dashes = dashes[i%len(o.layers)%len(dashes)]
		line.Width = vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(c.name(), line)
	}
	limit(p)
	var failures []error
	for _, format := range []string{"svg", "png"} {
		drawing, err := p.WriterTo(20*vg.Centimeter, 13*vg.Centimeter, format)
		if err != nil {
			return err
		}
		failures = append(failures, output.Write(filepath.Join(o.out, "loss."+format), func(w io.Writer) error {
			_, err := drawing.WriteTo(w)
			return err
		}))
	}
	return program.Join(failures...)
}
