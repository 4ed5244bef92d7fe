package opstest_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// loss is a loss of the given loop, whose gradient is that of the mean squared error times a factor.
func loss(f run, factor float64) opstest.Case {
	d := with(op("Loss", ops.ScalarOf(ops.SameShape), f), []int{0, ops.NoGradient},
		ops.Step{Def: op("LossGrad", ops.ShapeOf(1), func(c *ops.Call[float64]) {
			for i := range c.Out {
				c.Out[i] = factor * c.In[0][0] * 2 * (c.In[1][i] - c.In[2][i]) / float64(len(c.Out))
			}
		}), Args: []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}})
	labels := make([]float64, 12)
	for i := range labels {
		labels[i] = float64(i%3) - 0.5
	}
	return opstest.Case{
		Build:     func(in []*G.Node) (*G.Node, error) { return ops.Apply(d, in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{4, 3}}, {Shape: tensor.Shape{4, 3}, Values: labels, Constant: true}},
		BadShapes: [][]tensor.Shape{{{4, 3}, {3, 4}}},
	}
}

func meanSquare(x, y []float64) (sum float64) {
	for i := range x {
		sum += (x[i] - y[i]) * (x[i] - y[i])
	}
	return sum / float64(len(x))
}

func square2(c *ops.Call[float64]) { c.Out[0] = meanSquare(c.In[0], c.In[1]) }

func TestFindsLosses(t *testing.T) {
	opstest.Check(t, loss(square2, 1))
	findAll(t, []planted{
		{"gradient of the sum", "Loss", `gradient of input 0 is 12 times what it should be`, loss(square2, 12)},
		{"last row left out", "Loss", `Float64 depends on the order of the rows: .*does the op leave a row out`, loss(func(c *ops.Call[float64]) {
			n := len(c.In[0]) - 3
			c.Out[0] = meanSquare(c.In[0][:n], c.In[1][:n])
		}, 1)},
		{"added", "Loss", `Float64 adds to its output buffer instead of overwriting it: the value is`, loss(func(c *ops.Call[float64]) { c.Out[0] += meanSquare(c.In[0], c.In[1]) }, 1)},
		{"labels overwritten", "Loss", `input 1 was overwritten`, loss(func(c *ops.Call[float64]) { square2(c); c.In[1][11] = 0 }, 1)},
		{"overflow", "Loss", `output overflows: the value is \+Inf for input 0 = `, loss(func(c *ops.Call[float64]) {
			if square2(c); c.Out[0] > 1e7 {
				c.Out[0] *= 1e308
			}
		}, 1)},
		{"NaN swallowed", "Loss", `NaN is swallowed: NaN in element \[0, 0\] of input 0`, loss(func(c *ops.Call[float64]) {
			if square2(c); c.Out[0] != c.Out[0] {
				c.Out[0] = 0
			}
		}, 1)},
	})
}
