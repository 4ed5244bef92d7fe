package report

import (
	"fmt"
	"slices"

	"github.com/selfnorm/selfnorm/train/callback"
)

// maxLayers is the number of layers that charts show: for a deeper network, evenly spaced ones.
const maxLayers = 48

// quantity is a property of a layer that is drawn over the steps.
type quantity struct {
	id, title, note string
	of              func(callback.LayerMoments) float64
	box             *box
	weights         bool // is 0 in a layer without weights
	log             bool // is drawn with a logarithmic axis at first
}

// quantities are drawn with the domain of Theorem 1 of Klambauer et al. 2017.
var quantities = []quantity{
	{"mean", "Mean of the activations", "", func(l callback.LayerMoments) float64 { return l.Mean },
		&box{Name: "domain of the theorem: -0.1 to 0.1", Bottom: side(-0.1), Top: side(0.1)}, false, false},
	{"variance", "Variance of the activations", "", func(l callback.LayerMoments) float64 { return l.Variance },
		&box{Name: "domain of the theorem: 0.8 to 1.5", Bottom: side(0.8), Top: side(1.5)}, false, false},
	{"omega", "Sum of a unit's weights, omega", "Mean over the units of the layer.",
		func(l callback.LayerMoments) float64 { return l.Omega },
		&box{Name: "domain of the theorem: -0.1 to 0.1", Bottom: side(-0.1), Top: side(0.1)}, true, false},
	{"tau", "Sum of the squares of a unit's weights, tau", "Mean over the units of the layer.",
		func(l callback.LayerMoments) float64 { return l.Tau },
		&box{Name: "domain of the theorem: 0.95 to 1.1", Bottom: side(0.95), Top: side(1.1)}, true, false},
	{"gradient", "Variance of the gradients", "Of the loss of the batch, with respect to the activations of the layer.",
		func(l callback.LayerMoments) float64 { return l.GradientVariance }, nil, true, true},
	{"weight-gradient", "Variance of the gradients of the weights", "Of the loss of the batch.",
		func(l callback.LayerMoments) float64 { return l.WeightGradientVariance }, nil, true, true},
}

// profiles are the quantities that are drawn by depth.
var profiles = []quantity{quantities[0], quantities[1], quantities[4]}

// layerGroup shows the moments of the layers during the training. It is nil if there are none.
func layerGroup(r *Run, limit int) *group {
	if r.History == nil || len(r.History.Moments) == 0 {
		return nil
	}
	layers := tracksOf(r.History.Moments)
	g := &group{ID: "layers", Depth: true}
	anySELU := false
	for i, l := range layers {
		g.Legend = append(g.Legend, entry{Key: l.name, Color: i, Hide: !r.selu(l.name), Muted: !r.selu(l.name)})
		anySELU = anySELU || r.selu(l.name)
	}
	if !anySELU {
		for i := range g.Legend {
			g.Legend[i].Hide, g.Legend[i].Muted = false, false
		}
	}
	line := pointsPerLine(len(layers), limit, 12*limit)
	for i, q := range quantities {
		c := chart{ID: q.id, Title: q.title, Note: q.note, X: axis{Name: "step"}, Y: axis{Name: q.id, Log: q.log}}
		for _, l := range layers {
			if y := l.values(q.of); !q.weights || varies(y) {
				c.line(l.name, "", l.steps, y, line)
			}
		}
		if anySELU && q.box != nil {
			c.Boxes = []box{*q.box}
		}
		g.add(c)
		if i == 1 {
			g.add(planeChart(layers, anySELU, line))
		}
	}
	return g
}

// planeChart shows the path of each layer in the plane of mean and variance.
func planeChart(layers []track, selu bool, limit int) chart {
	c := chart{ID: "plane", Title: "Mean and variance together", Square: true, X: axis{Name: "mean"}, Y: axis{Name: "variance"}}
	for _, l := range layers {
		mean, variance := l.values(quantities[0].of), l.values(quantities[1].of)
		keep := thin(variance, min(limit, 200))
		c.Series = append(c.Series, series{Key: l.name, Style: path, X: numbers(mean, keep), Y: numbers(variance, keep)})
	}
	if selu {
		c.Note = "Each line is the way of a layer; the dot is its end. The rectangle is the domain of the theorem, (0, 1) the fixed point."
		c.Boxes = []box{{Name: "domain of the theorem", Left: side(-0.1), Right: side(0.1), Bottom: side(0.8), Top: side(1.5)}}
		c.Marks = []mark{{"fixed point (0, 1)", 0, 1}}
	}
	return c
}

// track is the history of a layer.
type track struct {
	name    string
	steps   []float64
	moments []callback.LayerMoments
}

// tracksOf sorts moments by layer, in the order of their first appearance, which is that of the forward pass.
func tracksOf(moments []callback.Moments) []track {
	var tracks []track
	at := map[string]int{}
	for _, m := range moments {
		for _, l := range m.Layers {
			i, ok := at[l.Name]
			if !ok {
				i = len(tracks)
				at[l.Name] = i
				tracks = append(tracks, track{name: l.Name})
			}
			tracks[i].steps = append(tracks[i].steps, float64(m.Step))
			tracks[i].moments = append(tracks[i].moments, l)
		}
	}
	return spread(tracks, maxLayers)
}

func (t *track) values(of func(callback.LayerMoments) float64) []float64 {
	out := make([]float64, len(t.moments))
	for i, m := range t.moments {
		out[i] = of(m)
	}
	return out
}

// selu reports whether the theorem covers the layer of that name.
func (r *Run) selu(name string) bool { return r.SELU == nil || slices.Contains(r.SELU, name) }

// verdict is a sentence about how many layers were in the theorem's domain at the last probe. It is empty without probes or SELU units.
func (r *Run) verdict() string {
	if r.History == nil || len(r.History.Moments) == 0 {
		return ""
	}
	last := r.History.Moments[len(r.History.Moments)-1]
	inside, all := 0, 0
	for _, l := range last.Layers {
		if r.selu(l.Name) {
			all++
			if l.Mean >= -0.1 && l.Mean <= 0.1 && l.Variance >= 0.8 && l.Variance <= 1.5 {
				inside++
			}
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("At step %s, %d of %d layers of SELU units had a mean in [-0.1, 0.1] and a variance in [0.8, 1.5].", grouped(last.Step), inside, all)
}
