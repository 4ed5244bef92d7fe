package ops_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
)

func init() {
	public["Scale"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Scale(in[0], f) }
}

func TestScale(t *testing.T) {
	by := func(factor float64) func(in []*G.Node) (*G.Node, error) {
		return func(in []*G.Node) (*G.Node, error) { return ops.Scale(in[0], factor) }
	}
	opstest.Check(t, opstest.Case{Build: by(-0.3), Variants: []func(in []*G.Node) (*G.Node, error){by(2)}})
}
