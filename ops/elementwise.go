package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Elementwise is an activation: a formula and its slope. The input has any shape, and the output has the same. The functions must depend on
// nothing but their arguments.
type Elementwise struct {
	// Name appears in graphs and errors. It is only a label: two activations may share a name and still be different ops.
	Name string
	// Attrs are the parameters of the formula; see Def.
	Attrs []any
	// ID, if set, declares when two activations are equal in place of their functions; see Def. Set it where the functions are closures over Attrs.
	ID any
	// F is the formula, and Slope its derivative at x, where y = F(x). With Fast32 and Fast64 they may be nil.
	F     func(x float64) float64
	Slope func(x, y float64) float64
	// Fast32 and Fast64, if set, are used instead of F and Slope.
	Fast32 *Loops[float32]
	Fast64 *Loops[float64]
}

// Loops are an activation and its gradient over slices of equal length. Set one of the gradients: Grad sets dst to g times the slope at the points
// where the activation is y, and GradAt to g times the slope at x.
type Loops[T kernel.Float] struct {
	F      func(w *kernel.Workers, dst, x []T)
	Grad   func(w *kernel.Workers, dst, g, y []T)
	GradAt func(w *kernel.Workers, dst, g, x []T)
}

// valid reports whether the loops are complete. None are.
func (l *Loops[T]) valid() bool {
	return l == nil || l.F != nil && (l.Grad == nil) != (l.GradAt == nil)
}

// Apply adds the activation of x to the graph. Applying activations with equal names, attributes and functions to the same x gives a single
// node, and so does one with equal names, attributes and IDs. Two closures count as different functions, even if they come from the same line
// of code.
func (e *Elementwise) Apply(x *G.Node) (*G.Node, error) {
	if e == nil {
		return nil, errors.New("no Elementwise")
	}
	def, err := e.def()
	if err != nil {
		return nil, errors.Wrap(err, e.Name)
	}
	return Apply(def, x)
}

// def returns the op. It copies e, so that a later change of e leaves the op as it is.
func (e Elementwise) def() (Def, error) {
	loops := functions{f: function(e.F), slope: function(e.Slope)}
	if f := e.Fast32; f != nil {
		fast := *f
		e.Fast32, loops.f32, loops.grad32, loops.gradAt32 = &fast, function(fast.F), function(fast.Grad), function(fast.GradAt)
	}
	if f := e.Fast64; f != nil {
		fast := *f
		e.Fast64, loops.f64, loops.grad64, loops.gradAt64 = &fast, function(fast.F), function(fast.Grad), function(fast.GradAt)
	}
	id := e.ID
	if id == nil {
		id = loops
	}
	switch {
	case (e.Fast32 == nil || e.Fast64 == nil) && (e.F == nil || e.Slope == nil):
		return Def{}, errors.New("want F and Slope, or Fast32 and Fast64")
	case !e.Fast32.valid() || !e.Fast64.valid():
		return Def{}, errors.New("Loops need F, and Grad or GradAt")
	}
	slope := Def{
		Name:    e.Name + "Grad",
		Attrs:   e.Attrs,
		ID:      id,
		Shape:   SameShape,
		Float32: func(c *Call[float32]) error { slopes(&e, e.Fast32, c); return nil },
		Float64: func(c *Call[float64]) error { slopes(&e, e.Fast64, c); return nil },
	}
	return Def{
		Name:    e.Name,
		Attrs:   e.Attrs,
		ID:      id,
		Shape:   SameShape,
		Float32: func(c *Call[float32]) error { forward(&e, e.Fast32, c); return nil },
		Float64: func(c *Call[float64]) error { forward(&e, e.Fast64, c); return nil },
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{slope, []Arg{Upstream, Input(0), Output}}}, Of: []int{0}}
		},
	}, nil
}

func forward[T kernel.Float](e *Elementwise, fast *Loops[T], c *Call[T]) {
	if fast != nil {
		fast.F(c.Workers, c.Out, c.In[0])
		return
	}
	for i, x := range c.In[0] {
		c.Out[i] = T(e.F(float64(x)))
	}
}

func slopes[T kernel.Float](e *Elementwise, fast *Loops[T], c *Call[T]) {
	g, x, y := c.In[0], c.In[1], c.In[2]
	switch {
	case fast != nil && fast.GradAt != nil:
		fast.GradAt(c.Workers, c.Out, g, x)
		return
	case fast != nil:
		fast.Grad(c.Workers, c.Out, g, y)
		return
	}
	for i := range g {
		c.Out[i] = T(float64(g[i]) * e.Slope(float64(x[i]), float64(y[i])))
	}
}
