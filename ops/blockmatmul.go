package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BlockMatMul multiplies each of k blocks of rows of x by a matrix of its own: x is k n x m, w is k x m x c, and rows i n to (i+1) n of the result, k n x c,
// are those of x times w[i].
func BlockMatMul(x, w *G.Node) (*G.Node, error) { return Apply(blockMatMul(), x, w) }

func blockMatMul() Def {
	return Def{
		Name: "BlockMatMul", ID: own{}, Shape: blockShape, Float32: blockProduct[float32], Float64: blockProduct[float64],
		Gradient: func() Gradient {
			return Gradient{
				Steps: []Step{
					{Def{Name: "BlockMatMulGradX", ID: own{}, Shape: ShapeOf(2), Float32: blockGradX[float32], Float64: blockGradX[float64]}, []Arg{Upstream, Input(1), Input(0)}},
					{Def{Name: "BlockMatMulGradWeight", ID: own{}, Shape: ShapeOf(2), Float32: blockGradWeight[float32], Float64: blockGradWeight[float64]},
						[]Arg{Upstream, Input(0), Input(1)}},
				},
				Of: []int{0, 1},
			}
		},
	}
}

func blockShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 2 {
		return nil, errors.Errorf("%d inputs, want 2", len(in))
	}
	x, w := in[0], in[1]
	if err := CheckMatrix("x", x); err != nil {
		return nil, err
	}
	if len(w) != 3 || w[0] < 1 || x[0]%w[0] != 0 || x[1] != w[1] {
		return nil, errors.Errorf("x has the shape %v and w %v, want k n x m and k x m x c", x, w)
	}
	return tensor.Shape{x[0], w[2]}, nil
}

// eachBlock runs a product for each block of slices of equal parts.
func eachBlock[T kernel.Float](c *Call[T], k int, p kernel.MatMul[T], a, b, out []T) {
	for i := range k {
		p.A, p.B, p.C = part(a, i, k), part(b, i, k), part(out, i, k)
		p.Run(c.Workers)
	}
}

// part returns part i of k equal parts.
func part[T any](x []T, i, k int) []T {
	n := len(x) / k
	return x[i*n : (i+1)*n]
}

func blockProduct[T kernel.Float](c *Call[T]) error {
	x, w := c.Shapes[0], c.Shapes[1]
	eachBlock(c, w[0], kernel.MatMul[T]{M: x[0] / w[0], K: w[1], N: w[2]}, c.In[0], c.In[1], c.Out)
	return nil
}

func blockGradX[T kernel.Float](c *Call[T]) error {
	g, w := c.Shapes[0], c.Shapes[1]
	eachBlock(c, w[0], kernel.MatMul[T]{M: g[0] / w[0], K: w[2], N: w[1], TransB: true}, c.In[0], c.In[1], c.Out)
	return nil
}

func blockGradWeight[T kernel.Float](c *Call[T]) error {
	g, w := c.Shapes[0], c.Shapes[2]
	eachBlock(c, w[0], kernel.MatMul[T]{M: w[1], K: g[0] / w[0], N: w[2], TransA: true}, c.In[1], c.In[0], c.Out)
	return nil
}
