package report_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// distributed is a layer with normal values.
func distributed(t *testing.T, name string, mean, sd float64) callback.LayerDistribution {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 8000)
	for i := range x {
		x[i] = mean + sd*r.NormFloat64()
	}
	d, err := callback.DescribeDistribution(name, tensor.New(tensor.WithShape(80, 100), tensor.WithBacking(x)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The densities of a layer are drawn standardized, beside that of the normal distribution, and distances from layer to layer.
func TestDensities(t *testing.T) {
	h := history(2, 3, 3)
	for step, scale := range []float64{1, 3} {
		d := callback.Distributions{Step: 1 + 100*step}
		for i, name := range []string{"layer1", "layer2", "layer3"} {
			d.Layers = append(d.Layers, distributed(t, name, float64(i), scale))
		}
		h.Distributions = append(h.Distributions, d)
	}
	got := charts(t, render(t, report.Run{History: h}))
	c := got["density-layer2"]
	if len(c.Series) != 3 || c.Series[0].Key != "step 1" || c.Series[1].Key != "step 101" {
		t.Fatalf("%+v", c)
	}
	for k, s := range c.Series {
		for i, y := range s.Py {
			z := *s.Px[i]
			if want := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi); math.Abs(*y-want) > 0.03 || math.Abs(z) > 4.01 {
				t.Errorf("line %d: density %v at %v, want %v", k, *y, z, want)
			}
		}
	}
	for _, id := range []string{"kolmogorov", "unit-kolmogorov", "skewness", "kurtosis"} {
		if c := got[id]; len(c.Series) != 2 || len(c.Series[0].Py) != 3 {
			t.Errorf("%s: %d lines", id, len(c.Series))
		}
	}
}

// Odd distributions make a page.
func TestOddDensities(t *testing.T) {
	nan := math.NaN()
	odd := callback.LayerDistribution{Name: "<b>", Density: []float64{nan, math.Inf(1), -1}}
	for _, v := range []float64{0, nan, 1e308} {
		odd.Mean, odd.SD, odd.Skewness = v, v, v
		for _, all := range [][]callback.Distributions{{{}}, {{Step: -1, Layers: []callback.LayerDistribution{odd, {}, odd}}, {}}} {
			charts(t, render(t, report.Run{History: &callback.History{Distributions: all}}))
		}
	}
}
