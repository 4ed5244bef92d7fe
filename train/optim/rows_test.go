package optim_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// scattered returns a gradient of the shape of a parameter from some of its rows. NaN marks the places that nothing must read.
func scattered(like *tensor.Dense, rows []int, values []float64) *tensor.Dense {
	full := slices.Repeat([]float64{math.NaN()}, like.Size())
	width := like.Shape()[1]
	for k, r := range rows {
		copy(full[r*width:], values[k*width:(k+1)*width])
	}
	return oracle.Tensor{Shape: like.Shape().Clone(), Data: full}.Dense(like.Dtype())
}

// TestRowsPyTorch compares steps on row-sparse gradients.
func TestRowsPyTorch(t *testing.T) {
	var file struct {
		Sparse []struct {
			Name  string        `json:"name"`
			Rate  float64       `json:"rate"`
			Start oracle.Tensor `json:"start"`
			Steps []struct {
				Rows  []int         `json:"rows"`
				Grad  oracle.Tensor `json:"grad"`
				Param oracle.Tensor `json:"param"`
			} `json:"steps"`
		} `json:"sparse"`
	}
	oracle.ReadJSON(t, "torch/optimizers2.json.gz", &file)
	if len(file.Sparse) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Sparse {
		rules := map[string]optim.Rule{"sparse_adam": optim.Adam{Rate: c.Rate}, "sgd": optim.SGD{Rate: c.Rate}, "adagrad": optim.AdaGrad{Rate: c.Rate}}
		rule := rules[c.Name]
		if rule == nil {
			t.Errorf("there is no rule for %q", c.Name)
			continue
		}
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-10, tensor.Float32: 1e-5} {
			p, o := c.Start.Dense(dtype), newOptimizer(t, rule)
			for k, step := range c.Steps {
				g := scattered(p, step.Rows, step.Grad.Data)
				if err := o.Apply([]G.ValueGrad{rowGrad{valueGrad{p, g}, step.Rows}}); err != nil {
					t.Fatal(err)
				}
				for i, x := range oracle.Floats(p) {
					if !(math.Abs(x-step.Param.Data[i]) <= tolerance) {
						t.Fatalf("%s, %v, step %d: element %d is %v, want %v", c.Name, dtype, k, i, x, step.Param.Data[i])
					}
				}
			}
		}
	}
}

// rowSteps are row-sparse gradients of a parameter of 6 x 3.
func rowSteps(k int) (rows []int, values []float64) {
	rows = [][]int{{4, 1}, {0, 4, 5}, {}, {2}, {1, 0}}[k%5]
	for i := range 3 * len(rows) {
		values = append(values, math.Sin(float64(7*k+i)))
	}
	return rows, values
}

// A rule that reads all rows of a row-sparse gradient, and SGD and AdaGrad in any case, give the result of the dense gradient.
func TestRowsAreDense(t *testing.T) {
	for _, rule := range []optim.Rule{
		optim.SGD{Rate: 0.1}, optim.AdaGrad{Rate: 0.1}, optim.ClipNorm{Rule: optim.SGD{Rate: 0.1}, Max: 0.3},
		optim.AllRows{Rule: optim.Adam{}}, optim.AllRows{Rule: optim.AdamW{}}, optim.AllRows{Rule: optim.SGD{Momentum: 0.9, L2: 0.1}},
		optim.ClipNorm{Rule: optim.AllRows{Rule: optim.RMSProp{}}, Max: 0.3}, optim.AllRows{Rule: optim.ClipNorm{Rule: optim.Adam{}, Max: 0.3}},
	} {
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			like := tensor.New(tensor.Of(dtype), tensor.WithShape(6, 3))
			start := oracle.Tensor{Shape: []int{6, 3}, Data: seq(18)}
			var got [2][]float64
			for way := range got {
				p, o := start.Dense(dtype), newOptimizer(t, rule)
				for k := range 10 {
					rows, values := rowSteps(k)
					g := scattered(like, rows, values)
					for i, x := range oracle.Floats(g) {
						if x != x && (way == 1 || o.AllRows()) {
							if err := g.SetAt(zeroOf(dtype), i/3, i%3); err != nil {
								t.Fatal(err)
							}
						}
					}
					if way == 1 {
						rows = nil
					}
					if err := o.Apply([]G.ValueGrad{rowGrad{valueGrad{p, g}, rows}}); err != nil {
						t.Fatalf("%s: %v", optim.Describe(rule), err)
					}
				}
				got[way] = oracle.Floats(p)
			}
			for i := range got[0] {
				if !(math.Abs(got[0][i]-got[1][i]) <= 1e-6) {
					t.Errorf("%s, %v: row-sparse gradients give %v, dense ones %v", optim.Describe(rule), dtype, got[0], got[1])
					break
				}
			}
		}
	}
}

func zeroOf(dtype tensor.Dtype) any {
	if dtype == tensor.Float32 {
		return float32(0)
	}
	return 0.0
}

func seq(n int) (x []float64) {
	for i := range n {
		x = append(x, float64(i)/10)
	}
	return x
}

// The norm of a row-sparse gradient is that of its rows, and clipping changes no others.
func TestRowsClipped(t *testing.T) {
	p := oracle.Tensor{Shape: []int{5, 2}, Data: make([]float64, 10)}.Dense(tensor.Float64)
	rows := []int{3, 1}
	g := scattered(p, rows, []float64{3, 4, 0, 12})
	o := newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{Rate: 1}, Max: 1.3})
	if err := o.Apply([]G.ValueGrad{rowGrad{valueGrad{p, g}, rows}}); err != nil {
		t.Fatal(err)
	}
	if norm, ok := o.GradientNorm(); !ok || norm != 13 {
		t.Errorf("norm %v, want 13", norm)
	}
	for i, want := range []float64{0, 0, 0, -1.2, 0, 0, -0.3, -0.4, 0, 0} {
		if got := p.Float64s()[i]; math.Abs(got-want) > 1e-6 {
			t.Errorf("element %d is %v, want %v", i, got, want)
		}
	}
}

// Updates of rows are the same for any number of threads, and a step allocates no more for a large table than for a small one.
func TestRowsThreads(t *testing.T) {
	const width = 64
	rows := make([]int, 600)
	for i := range rows {
		rows[i] = (i * 7) % 1000
	}
	for _, rule := range []optim.Rule{optim.SGD{}, optim.Adam{}, optim.AdaGrad{}} {
		var first []float64
		allocations := map[string]float64{}
		for _, threads := range []int{1, 2, 3} {
			w := kernel.NewWorkers(threads)
			for _, categories := range []int{1000, 20_000} {
				p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(categories, width))
				g := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(categories, width))
				for i := range g.Float32s() {
					g.Float32s()[i] = float32(i%7) - 3
				}
				model := []G.ValueGrad{rowGrad{valueGrad{p, g}, rows}}
				o := newOptimizer(t, rule)
				o.UseWorkers(w)
				for range 3 {
					if err := o.Apply(model); err != nil {
						t.Fatal(err)
					}
				}
				got := oracle.Floats(p)[:1000*width]
				if first == nil {
					first = got
				} else if !slices.Equal(first, got) {
					t.Errorf("%T: %d threads, %d categories: another result", rule, threads, categories)
				}
				allocations[fmt.Sprint(threads, categories)] = testing.AllocsPerRun(10, func() { _ = o.Apply(model) })
			}
			if a, b := allocations[fmt.Sprint(threads, 1000)], allocations[fmt.Sprint(threads, 20_000)]; a != b || threads == 1 && a > 0 {
				t.Errorf("%T, %d threads: %v allocations for 1,000 categories, %v for 20,000", rule, threads, a, b)
			}
			w.Close()
		}
	}
}
