package opstest_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// logCosh is the weighted mean of log cosh(x - y), a loss like those of package loss. x, y and weights have one shape.
func logCosh(x, y, weights *G.Node) (*G.Node, error) {
	type id struct{} // all of these are equal
	grad := ops.Def{Name: "LogCoshGrad", ID: id{}, Shape: ops.ShapeOf(1), Float32: logCoshGrad[float32], Float64: logCoshGrad[float64]}
	return ops.Apply(ops.Def{
		Name:    "LogCosh",
		ID:      id{},
		Shape:   ops.ScalarOf(ops.SameShape),
		Float32: logCoshMean[float32],
		Float64: logCoshMean[float64],
		Gradient: func() ops.Gradient {
			args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1), ops.Input(2)}
			return ops.Gradient{Steps: []ops.Step{{Def: grad, Args: args}}, Of: []int{0, ops.NoGradient, ops.NoGradient}}
		},
	}, x, y, weights)
}

func logCoshMean[T kernel.Float](c *ops.Call[T]) error {
	sum, total := 0.0, 0.0
	for i, w := range c.In[2] {
		if w != 0 { // a label of weight 0 is missing and may be NaN
			r := math.Abs(float64(c.In[0][i] - c.In[1][i]))
			sum += float64(w) * (r + math.Log1p(math.Exp(-2*r)) - math.Ln2)
			total += float64(w)
		}
	}
	if c.Out[0] = 0; total > 0 {
		c.Out[0] = T(sum / total)
	}
	return nil
}

func logCoshGrad[T kernel.Float](c *ops.Call[T]) error {
	total := 0.0
	for _, w := range c.In[3] {
		total += float64(w)
	}
	clear(c.Out)
	for i, w := range c.In[3] {
		if w != 0 {
			c.Out[i] = T(float64(c.In[0][0]) * float64(w) / total * math.Tanh(float64(c.In[1][i]-c.In[2][i])))
		}
	}
	return nil
}

// Labels and weights are inputs without a gradient, with values that the loss accepts. A weight of 0 belongs to them.
func checkLogCosh(t testing.TB) {
	shape := tensor.Shape{4, 3}
	opstest.Check(t, opstest.Case{
		Build: func(in []*G.Node) (*G.Node, error) { return logCosh(in[0], in[1], in[2]) },
		Inputs: []opstest.Input{
			{Shape: shape},
			{Shape: shape, Constant: true, Values: []float64{1, -0.6, 1.4, 3, 0.5, -2, 0.3, 0, 1, 1, -1, 0}},
			{Shape: shape, Constant: true, Values: []float64{2, 1, 0, 1, 2, 1, 0, 0, 1, 0.5, 1, 1}},
		},
		BadShapes: [][]tensor.Shape{{shape, {3, 4}, shape}, {shape, shape, {4}}},
	})
}

// Check your own loss with labels and weights as inputs without a gradient.
func ExampleCheck_loss() {
	testLogCosh := func(t *testing.T) { checkLogCosh(t) }
	_ = testLogCosh // in a file of tests: func TestLogCosh(t *testing.T) { ... }
}

func TestLogCosh(t *testing.T) { checkLogCosh(t) }
