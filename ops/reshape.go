package ops

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Reshape gives x another shape with the same elements in row-major order. One size may be -1, which stands for what remains. No sizes make
// a scalar of a tensor with one element. The result is a copy, not a view, so that no later op can overwrite x.
func Reshape(x *G.Node, shape ...int) (*G.Node, error) { return Apply(ReshapeDef(shape...), x) }

// ReshapeDef is the op of [Reshape], as a step of a gradient.
func ReshapeDef(shape ...int) Def {
	shape = append([]int{}, shape...)
	return Def{
		Name: "Reshape", Attrs: []any{shape}, ID: own{},
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return reshaped(in, shape) },
		Float32: copyForward[float32], Float64: copyForward[float64],
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{ReshapeLikeDef(), []Arg{Upstream, Input(0)}}}, Of: []int{0}}
		},
	}
}

// ReshapeLikeDef gives input 0 the shape of input 1, as a step of a gradient. The elements of input 1 do not matter.
func ReshapeLikeDef() Def {
	return Def{
		Name: "ReshapeLike", ID: own{}, Float32: copyForward[float32], Float64: copyForward[float64],
		Shape: func(in []tensor.Shape) (tensor.Shape, error) {
			if len(in) != 2 {
				return nil, errors.Errorf("%d inputs, want 2", len(in))
			}
			return reshaped(in, in[1])
		},
	}
}

func reshaped(in []tensor.Shape, shape []int) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, errors.New("no inputs")
	}
	n, rest := sizeOf(in[0]), -1
	out, size := tensor.ScalarShape(), 1
	for i, d := range shape {
		switch {
		case d == -1 && rest < 0:
			rest, d = i, 1
		case d == -1:
			return nil, errors.Errorf("new shape %v: only one size may be -1", shape)
		case d < 1 || d > n/size:
			return nil, errors.Errorf("new shape %v does not hold the %d elements of shape %v", shape, n, in[0])
		}
		out, size = append(out, d), size*d
	}
	if rest >= 0 && n%size == 0 {
		out[rest] = n / size
		size = n
	}
	if size != n {
		return nil, errors.Errorf("new shape %v does not hold the %d elements of shape %v", shape, n, in[0])
	}
	return out, nil
}
