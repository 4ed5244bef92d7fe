package report

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/train/callback"
)

// maxDensities is the number of layers whose densities are drawn: for a deeper network, evenly spaced ones.
const maxDensities = 6

// distances are properties of a layer's distribution that are drawn from layer to layer.
var distances = []struct {
	id, title, note, axis string
	of                    func(callback.LayerDistribution) float64
}{
	{"kolmogorov", "Distance to the normal distribution", "Greatest distance of the distribution functions (Kolmogorov), all units of a layer together.", "distance",
		func(l callback.LayerDistribution) float64 { return l.Kolmogorov }},
	{"unit-kolmogorov", "Distance of a single unit", "Mean over the units; for n rows of a normal unit it is about 0.6/\u221an.", "distance",
		func(l callback.LayerDistribution) float64 { return l.UnitKolmogorov }},
	{"skewness", "Skewness", "0 for a normal distribution.", "skewness", func(l callback.LayerDistribution) float64 { return l.Skewness }},
	{"kurtosis", "Excess kurtosis", "0 for a normal distribution, above it for heavy tails.", "kurtosis", func(l callback.LayerDistribution) float64 { return l.Kurtosis }},
}

const normalKey = "normal distribution"

// densityGroup shows the densities of pre-activations in the first and the last probed step beside that of the normal distribution, as Figure A8 of
// Klambauer et al. 2017, and how far they are from it, from layer to layer. It is nil if there are none.
func densityGroup(r *Run) *group {
	if r.History == nil || len(r.History.Distributions) == 0 {
		return nil
	}
	all := spread(r.History.Distributions, maxProfiles)
	g := &group{ID: "density", Depth: true}
	for i, d := range all {
		g.Legend = append(g.Legend, entry{Key: distributionStep(d), Color: i})
	}
	g.Legend = append(g.Legend, entry{Key: normalKey, Color: -1})
	for _, l := range spread(all[0].Layers, maxDensities) {
		g.add(densityChart(l.Name, all))
	}
	for _, q := range distances {
		c := chart{ID: q.id, Title: q.title, Note: q.note, X: axis{Name: "layer", Whole: true}, Y: axis{Name: q.axis}}
		for _, d := range all {
			if y := profileOf(d, q.of); len(y) >= minDepth && varies(y) {
				s := series{Key: distributionStep(d), Style: markers}
				keep := thin(y, linePoints)
				for _, i := range keep {
					s.X = append(s.X, number(i+1))
				}
				s.Y = numbers(y, keep)
				c.Series = append(c.Series, s)
			}
		}
		g.add(c)
	}
	if len(g.Charts) == 0 {
		return nil
	}
	return g
}

// densityChart shows the standardized density of a layer in the steps that have one.
func densityChart(name string, all []callback.Distributions) chart {
	c := chart{ID: "density-" + name, Title: "Pre-activations of " + shorten(name, maxName), X: axis{Name: "standardized pre-activation"}, Y: axis{Name: "density", Fixed: true}}
	var x []float64
	for _, d := range all {
		for _, l := range d.Layers {
			if l.Name != name || len(l.Density) < 2 || !(l.SD > 0) {
				continue
			}
			low, high := l.Span()
			x = x[:0]
			y := make([]float64, len(l.Density))
			for i, v := range l.Density {
				x = append(x, (low+(high-low)*float64(i)/float64(len(y)-1)-l.Mean)/l.SD)
				y[i] = v * l.SD
				c.Y.Max = max(c.Y.Max, 1.04*y[i])
			}
			c.line(distributionStep(d), "", x, y, linePoints)
			if c.Note != "" {
				c.Note += " "
			}
			c.Note += fmt.Sprintf("%s: mean %s, standard deviation %s, distance %.3f.", capitalized(distributionStep(d)), significant(l.Mean), significant(l.SD), l.Kolmogorov)
		}
	}
	if len(c.Series) == 0 {
		return c
	}
	if !finite(c.Y.Max) {
		c.Y.Max = 0
	}
	normal := make([]float64, len(x))
	for i, z := range x {
		normal[i] = math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	}
	c.line(normalKey, reference, x, normal, linePoints)
	return c
}

// profileOf are the values of the layers.
func profileOf(d callback.Distributions, of func(callback.LayerDistribution) float64) (y []float64) {
	for _, l := range d.Layers {
		y = append(y, of(l))
	}
	return y
}

func distributionStep(d callback.Distributions) string { return "step " + grouped(d.Step) }
