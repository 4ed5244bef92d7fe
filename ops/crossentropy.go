package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// CrossEntropy is the mean over rows of -log softmax(logits)[class]. logits is n x k; classes is a vector of n class
// indices 0 ... k-1, stored as floats; the result is a scalar. Only logits have a gradient.
// Running it with anything but a class index is an error that names the row.
func CrossEntropy(logits, classes *G.Node) (*G.Node, error) {
	return applyBuiltin(crossEntropy, logits, classes)
}

var crossEntropy = Def{
	Name:    "CrossEntropy",
	Shape:   crossEntropyShape,
	Float32: crossEntropyForward[float32],
	Float64: crossEntropyForward[float64],
	Gradient: func() Gradient {
		grad := Def{
			Name:    "CrossEntropyGrad",
			Shape:   shapeOf(1),
			Float32: crossEntropyBackward[float32],
			Float64: crossEntropyBackward[float64],
		}
		return Gradient{Steps: []Step{{grad, []Arg{Upstream, Input(0), Input(1)}}}, Of: []int{0, NoGradient}}
	},
}

func crossEntropyShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := matrix("logits", in[0]); err != nil {
		return nil, err
	}
	return tensor.ScalarShape(), vector("classes", in[1], in[0][0])
}

func crossEntropyForward[T kernel.Float](c *Call[T]) error {
	cols := c.Shapes[0][1]
	for i, v := range c.In[1] {
		if !(v >= 0 && v < T(cols)) || v != T(int(v)) {
			return errors.Errorf("row %d has class %v, want an integer from 0 to %d", i, v, cols-1)
		}
	}
	c.Out[0] = T(kernel.CrossEntropy(c.In[0], c.In[1], cols) / float64(len(c.In[1])))
	return nil
}

func crossEntropyBackward[T kernel.Float](c *Call[T]) error {
	kernel.CrossEntropyGrad(c.Out, c.In[1], c.In[2], c.Shapes[1][1], float64(c.In[0][0])/float64(len(c.In[2])))
	return nil
}
