package ops_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["RMSNorm"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.RMSNorm(in[0], in[1], f) }
	builders2["rms_norm"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.RMSNorm(in["x"], in["gain"], c.Attrs.Eps)
	}
}

func TestRMSNorm(t *testing.T) {
	norm := func(eps float64) func(nodes) (*G.Node, error) {
		return func(in nodes) (*G.Node, error) { return ops.RMSNorm(in[0], in[1], eps) }
	}
	opstest.Check(t, opstest.Case{
		Build:     norm(1e-6),
		Inputs:    []opstest.Input{{Shape: tensor.Shape{4, 5}}, {Shape: tensor.Shape{5}, Shared: true}},
		Variants:  []func(nodes) (*G.Node, error){norm(1e-3)},
		BadShapes: [][]tensor.Shape{{{4, 5}, {4}}, {{5}, {5}}, {{4, 5}, {5, 1}}},
	})
}
