package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SparseAffine is x w + b for a matrix x whose elements are mostly zero: x is n x k, w is k x m, b has m elements and is added to each row.
// The value of x is a *tensor.CS in compressed rows, bound with gorgonia.Let, or a dense tensor, whose zeros are left out. It takes time and
// memory for the elements of x that are stored, whatever k is.
//
// x has no gradient. That of w is row-sparse, see [RowsOf]: it has the rows of the columns of x that occur. Results are bit-equal for any
// number of threads. Unlike in [Affine], zeros of x times infinite weights are zero.
func SparseAffine(x, w, b *G.Node) (*G.Node, error) { return Apply(sparseAffine(true), x, w, b) }

// SparseMatMul is SparseAffine without a bias.
func SparseMatMul(x, w *G.Node) (*G.Node, error) { return Apply(sparseAffine(false), x, w) }

// sparseAffineID is the identity of the product and its gradients.
type sparseAffineID struct{}

func sparseAffine(bias bool) Def {
	d := Def{
		Name:    "SparseMatMul",
		ID:      sparseAffineID{},
		Sparse:  []int{0},
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return sparseAffineShape(in, bias) },
		Float32: sparseProduct[float32](),
		Float64: sparseProduct[float64](),
	}
	if bias {
		d.Name = "SparseAffine"
	}
	d.Gradient = func() Gradient {
		g := Gradient{Steps: []Step{{sparseWeightGrad(), []Arg{Input(0), Upstream, Input(1)}}}, Of: []int{NoGradient, 0}}
		if bias {
			g.Steps = append(g.Steps, Step{sparseBiasGrad, []Arg{Upstream}})
			g.Of = append(g.Of, 1)
		}
		return g
	}
	return d
}

func sparseAffineShape(in []tensor.Shape, bias bool) (tensor.Shape, error) {
	if len(in) != 2+on(bias) {
		return nil, errors.Errorf("%d inputs, want %d", len(in), 2+on(bias))
	}
	if bias {
		return affineShape(in)
	}
	return productShape(in, false, false)
}

func on(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

func sparseProduct[T kernel.Float]() func(*Call[T]) error {
	var sums kernel.RowSums[T]
	var nonzero kernel.CSR[T]
	return func(c *Call[T]) error {
		sums.A = rowsOfInput(c, &nonzero)
		sums.X, sums.Dst, sums.Width = c.In[1], c.Out, c.Shapes[1][1]
		if len(c.In) > 2 {
			sums.Bias = c.In[2]
		}
		sums.Run(c.Workers)
		return nil
	}
}

// rowsOfInput returns input 0 in compressed rows: as it is, or the elements of a dense one that are not zero, in the memory of nonzero.
func rowsOfInput[T kernel.Float](c *Call[T], nonzero *kernel.CSR[T]) kernel.CSR[T] {
	if c.Sparse[0].Start != nil {
		return c.Sparse[0]
	}
	columns := c.Shapes[0][1]
	nonzero.Start, nonzero.Columns, nonzero.Values = append(nonzero.Start[:0], 0), nonzero.Columns[:0], nonzero.Values[:0]
	for k, x := range c.In[0] {
		if x != 0 {
			nonzero.Columns, nonzero.Values = append(nonzero.Columns, k%columns), append(nonzero.Values, x)
		}
		if k%columns == columns-1 {
			nonzero.Start = append(nonzero.Start, len(nonzero.Columns))
		}
	}
	return *nonzero
}

// sparseWeightGrad is the gradient of w, x' times the upstream gradient, given x, that gradient, and w.
func sparseWeightGrad() Def {
	return Def{
		Name:      "SparseWeightGrad",
		ID:        sparseAffineID{},
		Sparse:    []int{0},
		RowSparse: true,
		Shape:     ShapeOf(2),
		Float32:   sparseTransposedProduct[float32](),
		Float64:   sparseTransposedProduct[float64](),
	}
}

func sparseTransposedProduct[T kernel.Float]() func(*Call[T]) error {
	var sums kernel.RowSums[T]
	var nonzero kernel.CSR[T]
	var group []int // of each element: the position of its column among those touched
	var byColumn kernel.Transposer[T]
	return func(c *Call[T]) error {
		x := rowsOfInput(c, &nonzero)
		group = group[:0]
		for _, column := range x.Columns {
			at, _ := c.Touch(column)
			group = append(group, at)
		}
		sums.A = byColumn.Run(x, group, len(c.Touched()))
		sums.X, sums.Dst, sums.Width, sums.To = c.In[1], c.Out, c.Shapes[1][1], c.Touched()
		sums.Run(c.Workers)
		return nil
	}
}

// sparseBiasGrad is the sum over the rows of the upstream gradient.
var sparseBiasGrad = Def{
	Name:    "ColumnSums",
	ID:      sparseAffineID{},
	Shape:   RowOf(0),
	Float32: sumColumns[float32],
	Float64: sumColumns[float64],
}
