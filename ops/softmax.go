package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Softmax is e^x / sum(e^x) of each row, where a row lies along the last axis of x, without overflow for large x. x has any shape but that of
// a scalar. A row with NaN or +Inf gives NaN. As the last layer before a cross-entropy, use the loss on logits in package loss instead.
func Softmax(x *G.Node) (*G.Node, error) { return Apply(SoftmaxDef(), x) }

// SoftmaxDef is the op of [Softmax], as a step of a gradient.
func SoftmaxDef() Def {
	return rowFunction("Softmax", softmaxRow[float32], kernel.SoftmaxGrad[float32], softmaxRow[float64], kernel.SoftmaxGrad[float64])
}

func softmaxRow[T kernel.Float](dst, x, _ []T) { kernel.Softmax(dst, x) }

// rowFunction is a function of the rows along the last axis. The gradient is a function of the upstream gradient and the output.
func rowFunction(name string, f32, g32 func(dst, x, y []float32), f64, g64 func(dst, x, y []float64)) Def {
	return Def{
		Name: name, ID: own{}, Shape: rowsShape,
		Float32: func(c *Call[float32]) error { eachRow(c, f32); return nil },
		Float64: func(c *Call[float64]) error { eachRow(c, f64); return nil },
		Gradient: func() Gradient {
			grad := Def{
				Name: name + "Grad", ID: own{}, Shape: rowsShape,
				Float32: func(c *Call[float32]) error { eachRow(c, g32); return nil },
				Float64: func(c *Call[float64]) error { eachRow(c, g64); return nil },
			}
			return Gradient{Steps: []Step{{grad, []Arg{Upstream, Output}}}, Of: []int{0}}
		},
	}
}

func rowsShape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := SameShape(in)
	if err == nil && s.IsScalar() {
		err = errors.New("a scalar has no rows")
	}
	return s, err
}

func eachRow[T kernel.Float](c *Call[T], f func(dst, x, y []T)) {
	r, ok := c.State.(*kernel.Rows[T])
	if !ok {
		s := c.Shapes[0]
		r = kernel.NewRows(s[len(s)-1], f)
		c.State = r
	}
	var y []T
	if len(c.In) > 1 {
		y = c.In[1]
	}
	r.Run(c.Workers, c.Out, c.In[0], y)
}
