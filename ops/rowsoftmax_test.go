package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["Softmax"], public["LogSoftmax"] = unary(ops.Softmax), unary(ops.LogSoftmax)
	public["SoftmaxDef"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Apply(ops.SoftmaxDef(), in[0]) }
	public["LogSoftmaxDef"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Apply(ops.LogSoftmaxDef(), in[0]) }
	builders2["softmax_rows"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Softmax(in["x"]) }
	builders2["log_softmax_rows"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.LogSoftmax(in["x"]) }
}

func TestSoftmax(t *testing.T) {
	other := []func(nodes) (*G.Node, error){func(in nodes) (*G.Node, error) { return ops.LogSoftmax(in[0]) }}
	opstest.Check(t, opstest.Case{Op: ops.Softmax, Variants: other, BadShapes: [][]tensor.Shape{{{}}}})
	opstest.Check(t, opstest.Case{Op: ops.LogSoftmax, Inputs: []opstest.Input{{Shape: tensor.Shape{3, 2, 4}}}})
	opstest.Check(t, opstest.Case{Op: ops.Softmax, Inputs: []opstest.Input{{Shape: tensor.Shape{3, 2, 4}}}})
}

// Large and far apart logits neither overflow nor lose the small probabilities; an infinite one gives NaN.
func TestSoftmaxExtremes(t *testing.T) {
	x := []float64{1e4, 1e4 - 2000, 0, -1e4, math.Inf(-1), 0}
	p := program(t, [][]float64{x}, []tensor.Shape{{2, 3}}, func(in nodes) (*G.Node, error) { return ops.LogSoftmax(in[0]) })
	near(t, "LogSoftmax", p.out[:4], []float64{0, -2000, -1e4, -1e4})
	if !math.IsInf(p.out[4], -1) || p.out[5] != 0 {
		t.Errorf("LogSoftmax of %v is %v", x[3:], p.out[3:])
	}
	p = program(t, [][]float64{{math.Inf(1), 0, 1}}, []tensor.Shape{{1, 3}}, func(in nodes) (*G.Node, error) { return ops.Softmax(in[0]) })
	if !math.IsNaN(p.out[0]) {
		t.Errorf("Softmax with +Inf is %v", p.out)
	}
}
