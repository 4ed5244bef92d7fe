package nn_test

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Layers find inputs by name from any depth, and learn what a node is the input of. Outputs that layers declare are known by name; the same
// node may be declared twice, another one under the same name may not.
func TestInputsAndOutputs(t *testing.T) {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	g := G.NewGraph()
	node := func(name string, shape ...int) *G.Node {
		return G.NewTensor(g, tensor.Float32, len(shape), G.WithName(name), G.WithShape(shape...))
	}
	x, town := node("x", 2, 3), node("town", 2)
	b := nn.NewBinder(g, params, false, ops.NewNoise(1))
	b.SetInput(batch.Input{Name: "x", Width: 3}, x)
	b.SetInput(batch.Input{Name: "town", Kind: batch.Category, Width: 5}, town)
	y, err := b.Apply("outer", layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
		return b.Apply("inner", layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			found, err := b.Input("town")
			if err != nil || found != town {
				t.Errorf("town is %v, %v", found, err)
			}
			if in, ok := b.InputOf(found); !ok || in.Kind != batch.Category || in.Width != 5 {
				t.Errorf("town is %+v, %v", in, ok)
			}
			if in, ok := b.InputOf(x); !ok || in.Name != "x" {
				t.Errorf("x is %+v, %v", in, ok)
			}
			y, err := ops.SELU(x)
			if err != nil {
				return nil, err
			}
			if in, ok := b.InputOf(y); ok {
				t.Errorf("an activation is the input %+v", in)
			}
			return y, b.Output("head", y)
		}), x)
	}), x)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Outputs(); len(got) != 1 || got["head"] != y {
		t.Errorf("outputs %v", got)
	}
	if err := b.Output("head", y); err != nil {
		t.Error(err)
	}
	_, unknown := b.Input("twon")
	for want, err := range map[string]error{
		`no input "twon"`: unknown, `two outputs "head"`: b.Output("head", x), "has no name or no node": b.Output("", y), `output "tail" has no name or no node`: b.Output("tail", nil),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// layerFunc is a layer made of a function.
type layerFunc func(b *nn.Binder, x *G.Node) (*G.Node, error)

func (f layerFunc) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return f(b, x) }
