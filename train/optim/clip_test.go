package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Clipping scales a gradient that parameters share once, and one within the limit not at all.
func TestClipNorm(t *testing.T) {
	for _, dtype := range dtypes {
		for _, length := range []float64{0.5, 5} {
			p := tensor.New(tensor.Of(dtype), tensor.WithShape(2))
			q := p.Clone().(*tensor.Dense)
			g := tensor.New(tensor.Of(dtype), tensor.WithShape(2))
			x, err := dense.Elements(g)
			if err != nil {
				t.Fatal(err)
			}
			x.Set(1, length)
			c := newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{Rate: 1}, Max: 2})
			if norm, ok := c.GradientNorm(); ok {
				t.Errorf("norm %v before the first step", norm)
			}
			if err := c.Step([]G.ValueGrad{valueGrad{p, g}, valueGrad{q, g}}); err != nil {
				t.Fatal(err)
			}
			norm := math.Sqrt2 * length
			want := -length * math.Min(1, 2/(norm+1e-6))
			if got, ok := c.GradientNorm(); !ok || math.Abs(got-norm) > 1e-12 {
				t.Errorf("norm %v, want %v", got, norm)
			}
			for _, v := range []*tensor.Dense{p, q} {
				x, _ := dense.Elements(v)
				if got := x.At(1); math.Abs(got-want) > 1e-6 {
					t.Errorf("%v, gradient of length %v: step %v, want %v", dtype, length, got, want)
				}
			}
		}
	}
}

// A ClipNorm in a ClipNorm clips twice, and the norm is the first one.
func TestClipNormNested(t *testing.T) {
	p := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0}))
	g := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{8}))
	o := newOptimizer(t, optim.ClipNorm{Rule: &optim.ClipNorm{Rule: optim.SGD{Rate: 1}, Max: 1}, Max: 4})
	if err := o.Apply([]G.ValueGrad{valueGrad{p, g}}); err != nil {
		t.Fatal(err)
	}
	if norm, ok := o.GradientNorm(); !ok || norm != 8 || math.Abs(g.Float64s()[0]-1) > 1e-5 || p.Float64s()[0] != -g.Float64s()[0] {
		t.Errorf("norm %v, clipped gradient %v, parameter %v", norm, g.Float64s()[0], p.Float64s()[0])
	}
}

func TestClipNormNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		p := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))
		g := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{0, bad}))
		o := newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{}, Max: 2})
		err := o.Step([]G.ValueGrad{valueGrad{p, p.Clone().(*tensor.Dense)}, valueGrad{p, g}})
		if !errors.Is(err, optim.ErrNotFinite) || !strings.Contains(err.Error(), "parameter 1") {
			t.Errorf("a gradient of %v gives error %v", bad, err)
		}
		if got := p.Float64s(); !slices.Equal(got, []float64{1, 2}) || o.Steps() != 0 {
			t.Errorf("a gradient of %v changes the parameter to %v", bad, got)
		}
	}
}

// Clipping allocates nothing beyond what its rule does.
func TestClipNormAllocations(t *testing.T) {
	workers := kernel.NewWorkers(2)
	defer workers.Close()
	allocations := func(rule optim.Rule) float64 {
		o := newOptimizer(t, rule)
		o.UseWorkers(workers)
		g := make([]float32, 200*200)
		model := []G.ValueGrad{valueGrad{tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(200, 200)), tensor.New(tensor.WithShape(200, 200), tensor.WithBacking(g))}}
		return testing.AllocsPerRun(10, func() {
			for i := range g {
				g[i] = 1
			}
			if err := o.Step(model); err != nil {
				t.Fatal(err)
			}
		})
	}
	plain, clipped := allocations(optim.Adam{}), allocations(optim.ClipNorm{Rule: optim.Adam{}, Max: 1e-3})
	if clipped > plain {
		t.Errorf("%v allocations a step with clipping, %v without", clipped, plain)
	}
}
