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
	if err := e.complete(); err != nil {
		return Def{}, err
	}
	slope := Def{
		Name:    e.Name + "Grad",
		Attrs:   e.Attrs,
		ID:      id,
		Shape:   SameShape,
		Float32: slopes(e.Slope, e.Fast32),
		Float64: slopes(e.Slope, e.Fast64),
	}
	return Def{
		Name:    e.Name,
		Attrs:   e.Attrs,
		ID:      id,
		Shape:   SameShape,
		Float32: forward(e.F, e.Fast32),
		Float64: forward(e.F, e.Fast64),
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{slope, []Arg{Upstream, Input(0), Output}}}, Of: []int{0}}
		},
	}, nil
}

// complete returns an error that names the function that is missing.
func (e *Elementwise) complete() error {
	switch slow := e.Fast32 == nil || e.Fast64 == nil; {
	case slow && e.F == nil:
		return errors.New("F is nil; want F and Slope, or Fast32 and Fast64")
	case slow && e.Slope == nil:
		return errors.New("Slope is nil; want F and Slope, or Fast32 and Fast64")
	case !e.Fast32.valid():
		return errors.New("Fast32 needs F, and Grad or GradAt")
	case !e.Fast64.valid():
		return errors.New("Fast64 needs F, and Grad or GradAt")
	}
	return nil
}

// forward is the loop of a formula. It captures the function that it calls, so that opstest sees what that has captured.
func forward[T kernel.Float](f func(x float64) float64, fast *Loops[T]) func(*Call[T]) error {
	if fast != nil {
		loop := fast.F
		return func(c *Call[T]) error {
			loop(c.Workers, c.Out, c.In[0])
			return nil
		}
	}
	return func(c *Call[T]) error {
		for i, x := range c.In[0] {
			c.Out[i] = T(f(float64(x)))
		}
		return nil
	}
}

// slopes is the loop of a slope. Its operands are the upstream gradient, x and y.
func slopes[T kernel.Float](slope func(x, y float64) float64, fast *Loops[T]) func(*Call[T]) error {
	switch {
	case fast != nil && fast.GradAt != nil:
		loop := fast.GradAt
		return func(c *Call[T]) error {
			loop(c.Workers, c.Out, c.In[0], c.In[1])
			return nil
		}
	case fast != nil:
		loop := fast.Grad
		return func(c *Call[T]) error {
			loop(c.Workers, c.Out, c.In[0], c.In[2])
			return nil
		}
	}
	return func(c *Call[T]) error {
		g, x, y := c.In[0], c.In[1], c.In[2]
		for i := range g {
			c.Out[i] = T(float64(g[i]) * slope(float64(x[i]), float64(y[i])))
		}
		return nil
	}
}
