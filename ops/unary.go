package ops

import "github.com/selfnorm/selfnorm/ops/kernel"

// unaryLoop is a function of one slice, and binaryLoop one of two slices.
type (
	unaryLoop[T kernel.Float]  = func(w *kernel.Workers, dst, x []T)
	binaryLoop[T kernel.Float] = func(w *kernel.Workers, dst, x, y []T)
)

// unaryDef is an elementwise op of one input with the given gradient.
func unaryDef(name string, f32 unaryLoop[float32], f64 unaryLoop[float64], gradient Step) Def {
	return Def{
		Name: name, ID: own{}, Shape: SameShape,
		Float32:  func(c *Call[float32]) error { f32(c.Workers, c.Out, c.In[0]); return nil },
		Float64:  func(c *Call[float64]) error { f64(c.Workers, c.Out, c.In[0]); return nil },
		Gradient: func() Gradient { return Gradient{Steps: []Step{gradient}, Of: []int{0}} },
	}
}

// binaryDef is an elementwise op of two inputs of one shape without a gradient: a step of a gradient.
func binaryDef(name string, f32 binaryLoop[float32], f64 binaryLoop[float64]) Def {
	return Def{
		Name: name, ID: own{}, Shape: SameShape,
		Float32: func(c *Call[float32]) error { f32(c.Workers, c.Out, c.In[0], c.In[1]); return nil },
		Float64: func(c *Call[float64]) error { f64(c.Workers, c.Out, c.In[0], c.In[1]); return nil },
	}
}
