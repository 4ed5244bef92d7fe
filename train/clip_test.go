package train_test

import (
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
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
			if err := g.SetAt(pick(dtype, length), 1); err != nil {
				t.Fatal(err)
			}
			c := &train.ClipNorm{Optimizer: &train.SGD{Rate: 1}, Max: 2}
			if err := c.Step([]G.ValueGrad{valueGrad{p, g}, valueGrad{q, g}}); err != nil {
				t.Fatal(err)
			}
			norm := math.Sqrt2 * length
			want := -length * math.Min(1, 2/(norm+1e-6))
			if math.Abs(c.Norm()-norm) > 1e-12 {
				t.Errorf("norm %v, want %v", c.Norm(), norm)
			}
			for _, x := range []*tensor.Dense{p, q} {
				if got := oracle.Floats(x)[1]; math.Abs(got-want) > 1e-6 {
					t.Errorf("%v, gradient of length %v: step %v, want %v", dtype, length, got, want)
				}
			}
		}
	}
}

func pick(dtype tensor.Dtype, x float64) any {
	if dtype == tensor.Float32 {
		return float32(x)
	}
	return x
}

func TestClipNormNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		p := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))
		g := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{0, bad}))
		err := (&train.ClipNorm{Optimizer: &train.SGD{}, Max: 2}).Step([]G.ValueGrad{valueGrad{p, p.Clone().(*tensor.Dense)}, valueGrad{p, g}})
		if !errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "parameter 1") {
			t.Errorf("a gradient of %v gives error %v", bad, err)
		}
		if got := p.Float64s(); got[0] != 1 || got[1] != 2 {
			t.Errorf("a gradient of %v changes the parameter to %v", bad, got)
		}
	}
}

// Clipping allocates nothing beyond what its optimizer does.
func TestClipNormAllocations(t *testing.T) {
	workers := kernel.NewWorkers(2)
	defer workers.Close()
	allocations := func(o train.Optimizer) float64 {
		o.UseWorkers(workers)
		p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(200, 200))
		g := make([]float32, 200*200)
		model := []G.ValueGrad{valueGrad{p, tensor.New(tensor.WithShape(200, 200), tensor.WithBacking(g))}}
		return testing.AllocsPerRun(10, func() {
			for i := range g {
				g[i] = 1
			}
			if err := o.Step(model); err != nil {
				t.Fatal(err)
			}
		})
	}
	plain, clipped := allocations(&train.Adam{}), allocations(&train.ClipNorm{Optimizer: &train.Adam{}, Max: 1e-3})
	if clipped > plain {
		t.Errorf("%v allocations a step with clipping, %v without", clipped, plain)
	}
}
