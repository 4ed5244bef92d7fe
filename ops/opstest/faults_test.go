package opstest_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// planted is an op with a fault. The first line of the failure must name the op and match want, and there must be no other failure.
type planted struct {
	name string
	op   string
	want string // a regular expression
	c    opstest.Case
}

func findAll(t *testing.T, faults []planted) {
	for _, p := range faults {
		if strconv.IntSize == 32 && strings.Contains(p.want, "uses the number") { // see captured.go
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			found := failures(p.c)
			if len(found) == 0 {
				t.Fatal("no failure")
			}
			line, _, _ := strings.Cut(found[0], "\n")
			if !strings.HasPrefix(line, p.op+": ") || !regexp.MustCompile(p.want).MatchString(line) {
				t.Errorf("the first line is %q, want %s: ... %s", line, p.op, p.want)
			}
			if len(found) > 1 {
				t.Errorf("%d failures, want one:\n%s", len(found), strings.Join(found, "\n"))
			}
			t.Log(found[0])
		})
	}
}

// run is a loop for both dtypes.
type run = func(c *ops.Call[float64])

// set makes f the loop of an op for both dtypes. That of float32 computes with copies in float64.
func set(d *ops.Def, f run) {
	d.Float64 = func(c *ops.Call[float64]) error { f(c); return nil }
	d.Float32 = in32(f)
}

// in32 is f for float32. It allocates in its first run only.
func in32(f run) func(c *ops.Call[float32]) error {
	var wide ops.Call[float64]
	fill := func(dst []float64, src []float32) []float64 {
		if len(dst) != len(src) {
			dst = make([]float64, len(src))
		}
		for i, v := range src {
			dst[i] = float64(v)
		}
		return dst
	}
	return func(c *ops.Call[float32]) error {
		if len(wide.In) != len(c.In) {
			wide.In = make([][]float64, len(c.In))
		}
		for i, x := range c.In {
			wide.In[i] = fill(wide.In[i], x)
		}
		wide.Shapes, wide.Workers, wide.Out = c.Shapes, c.Workers, fill(wide.Out, c.Out)
		f(&wide)
		for i, v := range wide.Out {
			c.Out[i] = float32(v)
		}
		return nil
	}
}

// each is a loop over the elements of the first input.
func each(f func(x float64) float64) run {
	return func(c *ops.Call[float64]) {
		for i, x := range c.In[0] {
			c.Out[i] = f(x)
		}
	}
}

// op is a definition of the given name, loop and shape, without a gradient.
func op(name string, shape func([]tensor.Shape) (tensor.Shape, error), f run) ops.Def {
	d := ops.Def{Name: name, Shape: shape}
	set(&d, f)
	return d
}

// with gives a definition a gradient.
func with(d ops.Def, of []int, steps ...ops.Step) ops.Def {
	d.Gradient = func() ops.Gradient { return ops.Gradient{Steps: steps, Of: of} }
	return d
}

// scaled multiplies each column of x by an element of w. dx and dw, if not nil, replace the loops of its gradient.
func scaled(dx, dw run) ops.Def {
	d := op("Scaled", scaledShape, func(c *ops.Call[float64]) {
		for i, x := range c.In[0] {
			c.Out[i] = x * c.In[1][i%len(c.In[1])]
		}
	})
	if dx == nil {
		dx = func(c *ops.Call[float64]) { // operands: upstream, x, w
			for i, g := range c.In[0] {
				c.Out[i] = g * c.In[2][i%len(c.In[2])]
			}
		}
	}
	if dw == nil {
		dw = func(c *ops.Call[float64]) {
			clear(c.Out)
			for i, g := range c.In[0] {
				c.Out[i%len(c.Out)] += g * c.In[1][i]
			}
		}
	}
	args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}
	return with(d, []int{0, 1}, ops.Step{Def: op("ScaledDX", ops.ShapeOf(1), dx), Args: args}, ops.Step{Def: op("ScaledDW", ops.ShapeOf(2), dw), Args: args})
}

func scaledShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := ops.CheckMatrix("x", in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), ops.CheckVector("w", in[1], in[0][1])
}

func scaledCase(d ops.Def) opstest.Case {
	return opstest.Case{
		Build:     func(in []*G.Node) (*G.Node, error) { return ops.Apply(d, in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{3}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {5}}},
	}
}

// product is the product of two matrices. da and db, if not nil, replace the loops of its gradient, and shapes those of its steps.
func product(da, db run) ops.Def {
	d := op("Product", productShape, func(c *ops.Call[float64]) { multiply(c.Out, c.In[0], c.In[1], c.Shapes[0][1], false, false) })
	if da == nil {
		da = func(c *ops.Call[float64]) { multiply(c.Out, c.In[0], c.In[2], c.Shapes[0][1], false, true) }
	}
	if db == nil {
		db = func(c *ops.Call[float64]) { multiply(c.Out, c.In[1], c.In[0], c.Shapes[0][0], true, false) }
	}
	args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}
	return with(d, []int{0, 1}, ops.Step{Def: op("ProductDA", ops.ShapeOf(1), da), Args: args}, ops.Step{Def: op("ProductDB", ops.ShapeOf(2), db), Args: args})
}

func productShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := ops.CheckMatrix("a", in[0]); err != nil {
		return nil, err
	}
	if err := ops.CheckMatrix("b", in[1]); err != nil {
		return nil, err
	}
	if in[0][1] != in[1][0] {
		return nil, ops.CheckVector("a row of a", tensor.Shape{in[0][1]}, in[1][0])
	}
	return tensor.Shape{in[0][0], in[1][1]}, nil
}

// multiply sets dst to the product of a and b, of which either may be transposed. n is the inner dimension.
func multiply(dst, a, b []float64, n int, ta, tb bool) {
	rows, cols := len(a)/n, len(b)/n
	for i := range rows {
		for j := range cols {
			sum := 0.0
			for k := range n {
				x, y := a[i*n+k], 0.0
				if ta {
					x = a[k*rows+i]
				}
				if y = b[k*cols+j]; tb {
					y = b[j*n+k]
				}
				sum += x * y
			}
			dst[i*cols+j] = sum
		}
	}
}

func productCase(d ops.Def) opstest.Case {
	return opstest.Case{
		Build:     func(in []*G.Node) (*G.Node, error) { return ops.Apply(d, in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{3, 4}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 3}}},
	}
}

// mixed is x times tanh(y), of equal shapes.
func mixed(of []int, steps ...ops.Step) ops.Def {
	d := op("Mixed", ops.SameShape, func(c *ops.Call[float64]) {
		for i, x := range c.In[0] {
			c.Out[i] = x * tanh(c.In[1][i])
		}
	})
	return with(d, of, steps...)
}

func mixedCase(d ops.Def, shape tensor.Shape) opstest.Case {
	return opstest.Case{
		Build:     func(in []*G.Node) (*G.Node, error) { return ops.Apply(d, in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: shape}, {Shape: shape}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {3, 5}}},
	}
}

// mixedDX and mixedDY are the steps of the gradient of mixed.
func mixedDX() ops.Step {
	return ops.Step{Def: op("MixedDX", ops.ShapeOf(1), func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			c.Out[i] = g * tanh(c.In[2][i])
		}
	}), Args: []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}}
}

func mixedDY() ops.Step {
	return ops.Step{Def: op("MixedDY", ops.ShapeOf(2), func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			y := tanh(c.In[2][i])
			c.Out[i] = g * c.In[1][i] * (1 - y*y)
		}
	}), Args: []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}}
}

// The ops that carry the faults are sound without them.
func TestSoundOps(t *testing.T) {
	opstest.Check(t, caseOf(square()))
	opstest.Check(t, scaledCase(scaled(nil, nil)))
	opstest.Check(t, productCase(product(nil, nil)))
	opstest.Check(t, mixedCase(mixed([]int{0, 1}, mixedDX(), mixedDY()), tensor.Shape{5, 3}))
}
