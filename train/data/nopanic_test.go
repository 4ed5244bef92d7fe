package data_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"gorgonia.org/tensor"
)

func dense(shape ...int) *tensor.Dense {
	return tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
}

// absurd is data that answers every question wrongly.
type absurd struct{ n int }

func (a absurd) Len() int                         { return a.n }
func (a absurd) Inputs() []batch.Input            { return []batch.Input{{}, {Width: -1, Columns: []string{""}}} }
func (a absurd) Gather([]int, *batch.Batch) error { panic("no rows") }
func (a absurd) Order(uint64, int) []int          { return []int{a.n, a.n} }

func (a absurd) Sequence(uint64, int, int, []int) error { panic("no order") }
func (a absurd) Identity() string                       { panic("no identity") }

func surface() traintest.Surface {
	good := traintest.Rows()
	ints := tensor.New(tensor.Of(tensor.Int), tensor.WithShape(2, 2))
	return traintest.Surface{
		Functions: map[string]any{
			"Check": data.Check, "Gather": data.Gather, "Order": data.Order, "Sequence": data.Sequence, "Identity": data.Identity, "Recover": data.Recover, "Labels": data.Labels, "Prepare": data.Prepare,
			"NotOne": data.NotOne, "NotFinite": data.NotFinite, "Subset": data.Subset, "CheckCategories": data.CheckCategories,
		},
		Receivers: map[string][]any{"Matrix": {
			data.Matrix{}, &data.Matrix{X: &tensor.Dense{}, Y: &tensor.Dense{}}, data.Matrix{X: dense(2, 2), Y: ints}, data.Matrix{X: ints},
			data.Matrix{X: dense(2, 2), Weights: dense(2)}, data.Matrix{X: dense(2, 2), Y: dense(2, 1), Weights: dense(2)}, good,
		}, "Named": {data.Named{}, &data.Named{Features: []data.Feature{{}}, Targets: []data.Target{{}}},
			data.Named{Features: []data.Feature{{X: &tensor.Dense{}, Sparse: &tensor.CS{}}, {X: ints}}}, data.Named{Features: []data.Feature{{Sparse: &tensor.CS{}}}},
			data.Named{Features: []data.Feature{{Categories: []int{-1, math.MaxInt}}}, Targets: []data.Target{{Y: ints, Weights: ints}}},
			data.Named{Features: []data.Feature{{Sparse: tensor.NewCSR([]int{5, -1}, []int{0, 9}, []float32{1}, tensor.WithShape(1, 2))}}},
			data.Named{Features: []data.Feature{{X: dense(2, 2)}}, Targets: []data.Target{{Y: dense(2, 1)}, {Name: "y"}}},
		}},
		Odd: []any{
			good, &good, (*data.Matrix)(nil), data.Matrix{}, absurd{-1}, absurd{3}, absurd{math.MaxInt}, absurd{math.MaxInt32}, &batch.Batch{}, batch.Of(nil, nil, nil),
			batch.Of(dense(1, 2), dense(1), dense(1)), batch.Of(dense(3, 2), dense(3, 2), dense(3)), batch.Of(ints, ints, ints),
			batch.Of(&tensor.Dense{}, &tensor.Dense{}, &tensor.Dense{}), []batch.Input{{Width: math.MaxInt / 8}}, []batch.Input{{Width: 2, Columns: []string{"a", "b", "c"}}},
			[]batch.Input{{Kind: batch.Category, Width: math.MaxInt}}, graphs.Output{}, graphs.Output{Name: "z", Width: math.MaxInt, Loss: graphs.BCE}, graphs.Output{Width: 2, Loss: graphs.CrossEntropy},
			graphs.CrossEntropy, graphs.SoftCrossEntropy, graphs.BCE, graphs.Loss{CheckLabel: func(float64) error { panic("no label") }}, graphs.Loss{Labels: 99},
		},
	}
}

func TestNoPanics(t *testing.T)           { surface().NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface().Complete(t) }
