package ops_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["BlockMatMul"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.BlockMatMul(in[0], in[1]) }
	mixtures["BlockMatMul"] = mixture{inputs: []mixed{{shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{2, 3, 2}}}, build: func(in nodes) (*G.Node, error) { return ops.BlockMatMul(in[0], in[1]) }}
}

// The product of blocks passes the conformance kit, gradients included.
func TestBlockMatMul(t *testing.T) {
	build := func(in nodes) (*G.Node, error) { return ops.BlockMatMul(in[0], in[1]) }
	opstest.Check(t, opstest.Case{
		Build:     build,
		Inputs:    []opstest.Input{{Shape: tensor.Shape{6, 3}, Shared: true}, {Shape: tensor.Shape{2, 3, 4}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {2, 3, 4}}, {{6, 2}, {2, 3, 4}}, {{6, 3}, {3, 4}}, {{6}, {2, 3, 4}}},
	})
}
