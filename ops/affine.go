package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Affine is x w + b as one op: x is n x k, w is k x m, b has m elements and is added to each row. The result is n x m.
func Affine(x, w, b *G.Node) (*G.Node, error) { return applyBuiltin(affine(), x, w, b) }

func affine() Def {
	return Def{
		Name:    "Affine",
		Shape:   affineShape,
		Float32: affineOf[float32](),
		Float64: affineOf[float64](),
		Gradient: func() Gradient {
			return Gradient{
				Steps: []Step{
					{MatMulDef(false, true), []Arg{Upstream, Input(1)}},
					{MatMulDef(true, false), []Arg{Input(0), Upstream}},
					{ColumnSumsDef(), []Arg{Upstream}},
				},
				Of: []int{0, 1, 2},
			}
		},
	}
}

func affineShape(in []tensor.Shape) (tensor.Shape, error) {
	x, w, b := in[0], in[1], in[2]
	if err := CheckMatrix("x", x); err != nil {
		return nil, err
	}
	if err := CheckMatrix("w", w); err != nil {
		return nil, err
	}
	if x[1] != w[0] {
		return nil, errors.Errorf("x has %d columns, but w has %d rows", x[1], w[0])
	}
	if err := CheckVector("b", b, w[1]); err != nil {
		return nil, err
	}
	return tensor.Shape{x[0], w[1]}, nil
}

func affineOf[T kernel.Float]() func(*Call[T]) error {
	var p kernel.MatMul[T]
	return func(c *Call[T]) error {
		x, w := c.Shapes[0], c.Shapes[1]
		p.M, p.K, p.N = x[0], x[1], w[1]
		p.A, p.B, p.Bias, p.C = c.In[0], c.In[1], c.In[2], c.Out
		p.Run(c.Workers)
		return nil
	}
}
