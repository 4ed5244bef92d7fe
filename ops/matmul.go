package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MatMul is the matrix product a b, where a is n x k and b is k x m.
func MatMul(a, b *G.Node) (*G.Node, error) { return applyBuiltin(matmul(false, false), a, b) }

// matmul is op(a) op(b), where op transposes if asked to.
func matmul(transA, transB bool) Def {
	return Def{
		Name:     "MatMul",
		Attrs:    []any{transA, transB},
		Shape:    func(in []tensor.Shape) (tensor.Shape, error) { return productShape(in[0], in[1], transA, transB) },
		Float32:  productOf[float32](transA, transB),
		Float64:  productOf[float64](transA, transB),
		Gradient: func() Gradient { return productGradient(transA, transB) },
	}
}

// productGradient follows from d(op(a) op(b)) = d op(a) op(b) + op(a) d op(b).
func productGradient(transA, transB bool) Gradient {
	a := Step{matmul(false, !transB), []Arg{Upstream, Input(1)}}
	if transA {
		a = Step{matmul(transB, true), []Arg{Input(1), Upstream}}
	}
	b := Step{matmul(!transA, false), []Arg{Input(0), Upstream}}
	if transB {
		b = Step{matmul(true, transA), []Arg{Upstream, Input(0)}}
	}
	return Gradient{Steps: []Step{a, b}, Of: []int{0, 1}}
}

func productShape(a, b tensor.Shape, transA, transB bool) (tensor.Shape, error) {
	if err := CheckMatrix("a", a); err != nil {
		return nil, err
	}
	if err := CheckMatrix("b", b); err != nil {
		return nil, err
	}
	n, k := a[0], a[1]
	if transA {
		n, k = k, n
	}
	k2, m := b[0], b[1]
	if transB {
		k2, m = m, k2
	}
	if k != k2 {
		return nil, errors.Errorf("inner sizes %d and %d differ", k, k2)
	}
	return tensor.Shape{n, m}, nil
}

func productOf[T kernel.Float](transA, transB bool) func(*Call[T]) error {
	p := kernel.MatMul[T]{TransA: transA, TransB: transB}
	return func(c *Call[T]) error {
		a, b := c.Shapes[0], c.Shapes[1]
		p.M, p.K, p.N = a[0], a[1], b[1]
		if transA {
			p.M, p.K = p.K, p.M
		}
		if transB {
			p.N = b[0]
		}
		p.A, p.B, p.C = c.In[0], c.In[1], c.Out
		p.Run(c.Workers)
		return nil
	}
}
