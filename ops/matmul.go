package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MatMul is the matrix product a b, where a is n x k and b is k x m.
func MatMul(a, b *G.Node) (*G.Node, error) { return Apply(MatMulDef(false, false), a, b) }

// MatMulDef is the product of two matrices, each of which may be transposed first, as a step of a gradient: for c = a b, the gradient of a is
// MatMulDef(false, true) of Upstream and b, and that of b is MatMulDef(true, false) of a and Upstream.
func MatMulDef(transA, transB bool) Def {
	return Def{
		Name:     "MatMul",
		Attrs:    []any{transA, transB},
		ID:       own{},
		Shape:    func(in []tensor.Shape) (tensor.Shape, error) { return productShape(in, transA, transB) },
		Float32:  func(c *Call[float32]) error { product(c, transA, transB); return nil },
		Float64:  func(c *Call[float64]) error { product(c, transA, transB); return nil },
		Gradient: func() Gradient { return productGradient(transA, transB) },
	}
}

// productGradient follows from d(op(a) op(b)) = d op(a) op(b) + op(a) d op(b).
func productGradient(transA, transB bool) Gradient {
	a := Step{MatMulDef(false, !transB), []Arg{Upstream, Input(1)}}
	if transA {
		a = Step{MatMulDef(transB, true), []Arg{Input(1), Upstream}}
	}
	b := Step{MatMulDef(!transA, false), []Arg{Input(0), Upstream}}
	if transB {
		b = Step{MatMulDef(true, transA), []Arg{Upstream, Input(0)}}
	}
	return Gradient{Steps: []Step{a, b}, Of: []int{0, 1}}
}

func productShape(in []tensor.Shape, transA, transB bool) (tensor.Shape, error) {
	if len(in) != 2 {
		return nil, errors.Errorf("%d inputs, want 2", len(in))
	}
	a, b := in[0], in[1]
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

func product[T kernel.Float](c *Call[T], transA, transB bool) {
	p, ok := c.State.(*kernel.MatMul[T])
	if !ok {
		p = &kernel.MatMul[T]{TransA: transA, TransB: transB}
		c.State = p
	}
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
}
