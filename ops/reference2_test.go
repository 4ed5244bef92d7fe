package ops_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// torchCase2 is one case of ops2.json.gz. Fixed holds the inputs without a gradient.
type torchCase2 struct {
	Op       string                   `json:"op"`
	Attrs    torchAttrs2              `json:"attrs"`
	Inputs   map[string]oracle.Tensor `json:"inputs"`
	Fixed    map[string]oracle.Tensor `json:"fixed"`
	Output   oracle.Tensor            `json:"output"`
	Upstream oracle.Tensor            `json:"upstream"`
	Grads    map[string]oracle.Tensor `json:"grads"`
}

type torchAttrs2 struct {
	Eps     float64 `json:"eps"`
	Lambda  float64 `json:"lambda"`
	Alpha   float64 `json:"alpha"`
	Stride  int     `json:"stride"`
	Padding int     `json:"padding"`
	Size    int     `json:"size"`
}

// builder2 adds the op of a case to the graph of its inputs, among which are the fixed ones.
type builder2 func(c torchCase2, in map[string]*G.Node) (*G.Node, error)

// builders2 holds the builder of each op of the file. The tests of an op add it.
var builders2 = map[string]builder2{}

// TestPyTorch2 compares outputs and gradients with PyTorch's.
func TestPyTorch2(t *testing.T) {
	var file struct {
		Cases []torchCase2 `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/ops2.json.gz", &file)
	ran := map[string]bool{}
	for _, c := range file.Cases {
		build, ok := builders2[c.Op]
		if !ok {
			t.Errorf("the file has a case of %s, which has no builder", c.Op)
			continue
		}
		ran[c.Op] = true
		as1 := torchCase{Op: c.Op, Inputs: c.Inputs, Output: c.Output, Upstream: c.Upstream, Grads: c.Grads}
		for _, p := range []struct {
			dtype     tensor.Dtype
			tolerance float64
		}{{tensor.Float64, 1e-10}, {tensor.Float32, 2e-5}} {
			testPyTorch(t, as1, func(_ torchCase, in map[string]*G.Node, constant constantFunc) (*G.Node, error) {
				for name, x := range c.Fixed {
					in[name] = constant(name, x.Data, x.Shape...)
				}
				return build(c, in)
			}, p.dtype, p.tolerance)
		}
	}
	for op := range builders2 {
		if !ran[op] {
			t.Errorf("no case of %s in the file", op)
		}
	}
}
