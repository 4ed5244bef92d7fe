package opstest_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// recorder collects the failures that the kit reports.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(f string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(f, args...))
}
func (r *recorder) Fatalf(f string, args ...any) { r.Errorf(f, args...); panic(r) }

// failures runs the kit on a case and returns what it reports.
func failures(c opstest.Case) []string {
	r := &recorder{}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		opstest.Check(r, c)
	}()
	return r.failures
}

// square is a sound op, and the clay for the unsound ones.
func square() ops.Def {
	grad := ops.Def{
		Name:    "SquareGrad",
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(c *ops.Call[float32]) error { slope(c.Out, c.In[0], c.In[1]); return nil },
		Float64: func(c *ops.Call[float64]) error { slope(c.Out, c.In[0], c.In[1]); return nil },
	}
	return ops.Def{
		Name:    "Square",
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(c *ops.Call[float32]) error { squares(c.Out, c.In[0]); return nil },
		Float64: func(c *ops.Call[float64]) error { squares(c.Out, c.In[0]); return nil },
		Gradient: func() ops.Gradient {
			return ops.Gradient{Steps: []ops.Step{{Def: grad, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}}, Of: []int{0}}
		},
	}
}

func squares[T float32 | float64](dst, x []T) {
	for i, v := range x {
		dst[i] = v * v
	}
}

func slope[T float32 | float64](dst, g, x []T) {
	for i, v := range x {
		dst[i] = 2 * v * g[i]
	}
}

func caseOf(def ops.Def) opstest.Case {
	return opstest.Case{Op: func(x *G.Node) (*G.Node, error) { return ops.Apply(def, x) }}
}

func TestCheckPasses(t *testing.T) { opstest.Check(t, caseOf(square())) }

// The kit must see each of these slips.
func TestCheckFails(t *testing.T) {
	tests := []struct {
		property string
		slip     func(d *ops.Def)
	}{
		{"gradient equals central differences", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				for i, v := range c.In[0] {
					c.Out[i] = v * v * v
				}
				return nil
			}
		}},
		{"gradient equals central differences", func(d *ops.Def) { d.Gradient = nil }},
		{"extreme inputs give finite results", func(d *ops.Def) {
			d.Float32 = func(c *ops.Call[float32]) error {
				squares(c.Out, c.In[0])
				for i, v := range c.In[0] {
					if v > 1000 {
						c.Out[i] = float32(math.Inf(1))
					}
				}
				return nil
			}
		}},
		{"NaN stays NaN", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				for i, v := range c.In[0] {
					c.Out[i] = 0
					if v == v {
						c.Out[i] = v * v
					}
				}
				return nil
			}
		}},
		{"inputs are not written to", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error { squares(c.Out, c.In[0]); c.In[0][1]++; return nil }
		}},
		{"a second run gives the same result", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				for i, v := range c.In[0] {
					c.Out[i] += v * v
				}
				return nil
			}
		}},
		{"no allocation after the first run", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				scratch := make([]float64, len(c.Out))
				squares(scratch, c.In[0])
				copy(c.Out, scratch)
				leak = scratch
				return nil
			}
		}},
		{"row order does not matter", func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error { squares(c.Out, c.In[0]); c.Out[0]++; return nil }
		}},
	}
	for _, test := range tests {
		def := square()
		test.slip(&def)
		if found := failures(caseOf(def)); !strings.Contains(strings.Join(found, "\n"), "opstest: "+test.property) {
			t.Errorf("a slip in %q was not seen; reported: %q", test.property, found)
		}
	}
}

var leak []float64

// A panic of the op is reported, whenever it comes.
func TestCheckPanics(t *testing.T) {
	builds := 0
	for name, c := range map[string]opstest.Case{
		"Op":      {Op: func(*G.Node) (*G.Node, error) { panic("boom") }},
		"no node": {Op: func(*G.Node) (*G.Node, error) { return nil, nil }},
		"later": {Op: func(x *G.Node) (*G.Node, error) {
			if builds++; builds > 3 {
				panic("boom")
			}
			return ops.Apply(square(), x)
		}},
		"variant":    {Op: ops.SELU, Variants: []func([]*G.Node) (*G.Node, error){nil}},
		"bad shapes": {Op: ops.SELU, BadShapes: [][]tensor.Shape{{}}},
		"Float64":    slip(func(d *ops.Def) { d.Float64 = func(*ops.Call[float64]) error { panic("boom") } }),
		"Float32":    slip(func(d *ops.Def) { d.Float32 = func(*ops.Call[float32]) error { panic("boom") } }),
		"no Float32": slip(func(d *ops.Def) { d.Float32 = nil }),
		"Gradient":   slip(func(d *ops.Def) { d.Gradient = func() ops.Gradient { panic("boom") } }),
		"step": slip(func(d *ops.Def) {
			g := d.Gradient()
			g.Steps[0].Def.Float64 = func(*ops.Call[float64]) error { panic("boom") }
			d.Gradient = func() ops.Gradient { return g }
		}),
	} {
		if found := strings.Join(failures(c), "\n"); !strings.Contains(found, "panic") && !strings.Contains(found, "no ") {
			t.Errorf("%s: reported %q, want the panic", name, found)
		}
	}
}

// slip is a case of square with a change.
func slip(change func(*ops.Def)) opstest.Case {
	def := square()
	change(&def)
	return caseOf(def)
}

// Cases that make no sense are refused.
func TestCheckRefuses(t *testing.T) {
	for _, c := range []opstest.Case{
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{math.MaxInt/2 + 1, math.MaxInt/2 + 1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{-1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{2, 2}, Values: []float64{1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{}},
		{Op: ops.SELU, Extreme: math.NaN()},
		slip(func(d *ops.Def) {
			d.Shape = func([]tensor.Shape) (tensor.Shape, error) { return tensor.Shape{1 << 30}, nil }
			d.Gradient = nil
		}),
	} {
		if found := failures(c); len(found) == 0 {
			t.Errorf("case %+v was accepted", c)
		}
	}
}

func TestCheckFailsOnStructure(t *testing.T) {
	twice := func(rate float64) func(in []*G.Node) (*G.Node, error) {
		return func(in []*G.Node) (*G.Node, error) { // forgets the rate in its hash
			def := square()
			def.ID = "square"
			def.Float64 = func(c *ops.Call[float64]) error { return nil }
			return ops.Apply(def, in[0])
		}
	}
	sloppy := func(in []*G.Node) (*G.Node, error) {
		def := square()
		gradient := def.Gradient()
		gradient.Of = []int{0, ops.NoGradient}
		def.Gradient = func() ops.Gradient { return gradient }
		return ops.Apply(def, in[0], in[1])
	}
	two := []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{5, 3}, Constant: true}}
	tests := []struct {
		want string
		c    opstest.Case
	}{
		{"set Op or Build", opstest.Case{}},
		{"needs BadShapes", opstest.Case{Build: sloppy, Inputs: two}},
		{"were accepted", opstest.Case{Build: sloppy, Inputs: two, BadShapes: [][]tensor.Shape{{{5, 3}, {2, 2}}}}},
		{"has the hash of", opstest.Case{Build: twice(0.1), Variants: []func([]*G.Node) (*G.Node, error){twice(0.2)}}},
		{"there is no gradient to check", opstest.Case{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{2}, Constant: true}}}},
	}
	for _, test := range tests {
		if found := failures(test.c); !strings.Contains(strings.Join(found, "\n"), test.want) {
			t.Errorf("want %q, reported: %q", test.want, found)
		}
	}
}
