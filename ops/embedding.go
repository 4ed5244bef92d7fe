package ops

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Embedding looks up rows of a table of shape (categories, d). index is a vector of n categories, counted from 0, or a matrix (n, k) of k
// categories per row, which share the table. The result is (n, d), or (n, k d) with the rows of the table side by side. An index that is
// not a whole number from 0 to categories - 1 is an error of the run, which names its row and its value.
//
// The gradient of the table is row-sparse, see [RowsOf]: it has the categories that occur, and sums over those that occur more than once
// in the order of index. Float32 holds whole numbers to 2^24 only, so a larger table of float32 is an error.
func Embedding(table, index *G.Node) (*G.Node, error) {
	if table != nil && table.Type() != nil && table.Dtype() == tensor.Float32 && table.Dims() > 0 && table.Shape()[0] > 1<<24 {
		return nil, errors.Errorf("Embedding: a table of shape %v: float32 cannot hold all indices of %d categories, want at most %d, or float64",
			table.Shape(), table.Shape()[0], 1<<24)
	}
	return Apply(embedding(), table, index)
}

// embeddingID is the identity of the lookup and its gradient.
type embeddingID struct{}

func embedding() Def {
	return Def{
		Name:    "Embedding",
		ID:      embeddingID{},
		Shape:   embeddingShape,
		Float32: lookUp[float32](),
		Float64: lookUp[float64](),
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{embeddingGrad(), []Arg{Upstream, Input(0), Input(1)}}}, Of: []int{0, NoGradient}}
		},
	}
}

func embeddingShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 2 {
		return nil, errors.Errorf("%d inputs, want a table and indices", len(in))
	}
	table, index := in[0], in[1]
	if err := CheckMatrix("table", table); err != nil {
		return nil, err
	}
	if d := index.Dims(); d != 1 && d != 2 {
		return nil, errors.Errorf("index has shape %v, want a vector or a matrix", index)
	}
	columns := Columns(index)
	if table[1] > maxElements/columns {
		return nil, errors.Errorf("%d categories of %d elements per row are too many", columns, table[1])
	}
	return tensor.Shape{index[0], columns * table[1]}, nil
}

// lookUp returns the function of the forward op. The result has one row of the table after the other.
func lookUp[T kernel.Float]() func(*Call[T]) error {
	var rows []int
	return func(c *Call[T]) (err error) {
		table := c.Shapes[0]
		if rows, err = indices(rows[:0], c.In[1], Columns(c.Shapes[1]), table[0]); err != nil {
			return err
		}
		kernel.GatherRows(c.Workers, c.Out, c.In[0], rows, table[1])
		return nil
	}
}

// indices appends indices to rows. A batch has the given number of them per row.
func indices[T kernel.Float](rows []int, index []T, perRow, categories int) ([]int, error) {
	for k, x := range index {
		i := float64(x)
		if !(i >= 0 && i < float64(categories)) || i != math.Trunc(i) {
			place := ""
			if perRow > 1 {
				place = fmt.Sprintf(", column %d", k%perRow)
			}
			return rows, errors.Errorf("row %d%s has the category %v, want a whole number from 0 to %d", k/perRow, place, x, categories-1)
		}
		rows = append(rows, int(i))
	}
	return rows, nil
}

// embeddingGrad is the gradient of the table, given the upstream gradient, the table and the indices.
func embeddingGrad() Def {
	return Def{
		Name:      "EmbeddingGrad",
		ID:        embeddingID{},
		RowSparse: true,
		Shape:     ShapeOf(1),
		Float32:   scatter[float32](),
		Float64:   scatter[float64](),
	}
}

// scatter returns the function of the gradient: each row of the upstream gradient is added to that of its category.
func scatter[T kernel.Float]() func(*Call[T]) error {
	var rows []int
	var ones kernel.CSR[T] // one element for each index, in its row
	var sums kernel.RowSums[T]
	var byCategory kernel.Transposer[T]
	return func(c *Call[T]) (err error) {
		table := c.Shapes[1]
		if rows, err = indices(rows[:0], c.In[2], Columns(c.Shapes[2]), table[0]); err != nil {
			return err
		}
		for len(ones.Start) <= len(rows) {
			ones.Start, ones.Values = append(ones.Start, len(ones.Start)), append(ones.Values, 1)
		}
		for k, r := range rows {
			rows[k], _ = c.Touch(r)
		}
		sums.A = byCategory.Run(ones, rows, len(c.Touched()))
		sums.X, sums.Dst, sums.Width, sums.To = c.In[0], c.Out, table[1], c.Touched()
		sums.Run(c.Workers)
		return nil
	}
}
