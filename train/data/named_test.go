package data_test

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	inner "github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/train/data"
	"gorgonia.org/tensor"
)

// named has an input of each kind and two outputs, of four rows.
func named() data.Named {
	return data.Named{
		Features: []data.Feature{
			{Name: "numbers", X: numbers(tensor.Float64, 4, 2), Columns: []string{"a", "b"}},
			{Name: "town", Categories: []int{2, 0, 1, 2}, Width: 3},
			{Name: "picture", X: numbers(tensor.Float32, 4, 1, 2, 2)},
			{Name: "bits", Sparse: tensor.NewCSR([]int{0, 4, 1, 2}, []int{0, 2, 2, 3, 4}, []float32{1, 2, 3, 4}, tensor.WithShape(4, 5))},
		},
		Targets: []data.Target{{Name: "kind", Y: numbers(tensor.Float32, 4)}, {Name: "price", Y: numbers(tensor.Float64, 4, 2), Weights: numbers(tensor.Float32, 4)}},
	}
}

// Inputs have their kinds, widths and shapes.
func TestNamedInputs(t *testing.T) {
	d := named()
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	want := []batch.Input{{Name: "numbers", Width: 2}, {Name: "town", Kind: batch.Category, Width: 3}, {Name: "picture", Kind: batch.Image, Width: 4, Shape: []int{1, 2, 2}},
		{Name: "bits", Kind: batch.Sparse, Width: 5}}
	for i, in := range d.Inputs() {
		if w := want[i]; in.Name != w.Name || in.Kind != w.Kind || in.Width != w.Width || !slices.Equal(in.Shape, w.Shape) {
			t.Errorf("input %+v, want %+v", in, w)
		}
	}
	if err := data.Check(d, want); err != nil || d.Len() != 4 {
		t.Errorf("%d rows, %v", d.Len(), err)
	}
	if in := (data.Named{Features: []data.Feature{{X: numbers(tensor.Float32, 2, 2)}}}).Inputs(); in[0].Name != batch.X {
		t.Errorf("an input without a name is %+v", in)
	}
}

// A batch gets what it has a tensor for, whatever the order.
func TestNamedGather(t *testing.T) {
	d := named()
	csr, err := batch.NewCSR(tensor.Float64, 5)
	if err != nil {
		t.Fatal(err)
	}
	room := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
	}
	b := &batch.Batch{Rows: 2, Inputs: []batch.Tensor{{Name: "bits", Sparse: csr}, {Name: "town", Value: room(2)}, {Name: "picture", Value: room(2, 1, 2, 2)}},
		Outputs: []batch.Labels{{Output: "price", Value: room(2, 2), Weights: room(2, 2)}, {Output: "kind", Value: room(2), Weights: room(2)}}}
	for range 2 { // the second time over the values of the first
		if err := data.Gather(d, []int{3, 0}, b); err != nil {
			t.Fatal(err)
		}
		x, err := csr.Tensor()
		if err != nil {
			t.Fatal(err)
		}
		price, weights := b.Labels("price")
		kind, ones := b.Labels("kind")
		from := d.Targets[1].Weights.Float32s()
		for what, pair := range map[string][2][]float64{
			"bits": {x.Dense().Float64s(), {0, 0, 4, 0, 0, 1, 0, 0, 0, 2}}, "town": {b.Input("town").Float64s(), {2, 2}},
			"price":   {price.Float64s(), slices.Concat(d.Targets[1].Y.Float64s()[6:8], d.Targets[1].Y.Float64s()[:2])},
			"weights": {weights.Float64s(), {float64(from[3]), float64(from[3]), float64(from[0]), float64(from[0])}},
			"kind":    {kind.Float64s(), {float64(d.Targets[0].Y.Float32s()[3]), float64(d.Targets[0].Y.Float32s()[0])}}, "ones": {ones.Float64s(), {1, 1}},
		} {
			if !slices.Equal(pair[0], pair[1]) {
				t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
			}
		}
		if got := b.Input("picture").Float64s()[4]; got != float64(d.Features[2].X.Float32s()[0]) {
			t.Errorf("picture of row 0 begins with %v", got)
		}
	}
}

// Errors name the feature or target.
func TestNamedRefused(t *testing.T) {
	for want, spoil := range map[string]func(d *data.Named){
		`two features "town"`:                        func(d *data.Named) { d.Features[0].Name = "town" },
		`feature "town": set one of`:                 func(d *data.Named) { d.Features[1].X = d.Features[0].X },
		`feature "x": set one of`:                    func(d *data.Named) { d.Features = append(d.Features, data.Feature{}) },
		`feature "town": 3 rows, the first feature`:  func(d *data.Named) { d.Features[1].Categories = []int{1, 1, 1} },
		`row 2 has the category -1, want one from 0`: func(d *data.Named) { d.Features[1].Categories[2] = -1 },
		`feature "town": Width is 0`:                 func(d *data.Named) { d.Features[1].Width = 0 },
		`feature "numbers": Width is 7`:              func(d *data.Named) { d.Features[0].Width = 7 },
		`feature "numbers": 1 names for 2`:           func(d *data.Named) { d.Features[0].Columns = []string{"a"} },
		`feature "bits": row 0 has column 0 after 0`: func(d *data.Named) { columnsOf(d)[1] = 0 },
		`feature "bits": row 0 has column 5 after 0`: func(d *data.Named) { columnsOf(d)[1] = 5 },
		`feature "bits": Sparse of shape (4, 5) has`: func(d *data.Named) { startsOf(d)[4] = 3 },
		`feature "bits": 2 names for 5 columns`:      func(d *data.Named) { d.Features[3].Columns = []string{"a", "b"} },
		`two targets "kind"`:                         func(d *data.Named) { d.Targets[1].Name = "kind" },
		`target "kind": there are no labels`:         func(d *data.Named) { d.Targets[0].Y = nil },
		`target "price": Y has shape (3, 2), want 4`: func(d *data.Named) { d.Targets[1].Y = numbers(tensor.Float32, 3, 2) },
		`target "price": Weights has shape (4, 3)`:   func(d *data.Named) { d.Targets[1].Weights = numbers(tensor.Float32, 4, 3) },
		`want compressed rows of float32 or float64`: func(d *data.Named) {
			d.Features[3].Sparse = tensor.NewCSC([]int{0}, []int{0, 1, 1, 1, 1, 1}, []float32{1}, tensor.WithShape(4, 5))
		},
		`feature "numbers": X is not a matrix with row`: func(d *data.Named) { d.Features[0].X = numbers(tensor.Float32, 4, 2, 2) },
	} {
		d := named()
		spoil(&d)
		mustSay(t, want, data.Check(d, nil), want)
	}
	mustSay(t, "nothing", data.Named{}.Validate(), "there are no features")
}

// startsOf and columnsOf are the parts of the sparse feature, in place.
func startsOf(d *data.Named) []int  { start, _ := inner.CSR(d.Features[3].Sparse); return start }
func columnsOf(d *data.Named) []int { _, columns := inner.CSR(d.Features[3].Sparse); return columns }

// ignorant is data that writes nothing.
type ignorant struct{ data.Named }

func (ignorant) Gather([]int, *batch.Batch) error { return nil }

// A tensor that the data leave as it was is an error, not a row of old values.
func TestGatherLeavesNothing(t *testing.T) {
	room := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
	}
	csr, err := batch.NewCSR(tensor.Float32, 5)
	if err != nil {
		t.Fatal(err)
	}
	for want, b := range map[string]*batch.Batch{
		`not written the input "numbers"`:             {Inputs: []batch.Tensor{{Name: "numbers", Value: room(2, 2)}}},
		`added 0 sparse rows to the input "bits"`:     {Inputs: []batch.Tensor{{Name: "bits", Sparse: csr}}},
		`the data have no labels of the output "kin"`: {Outputs: []batch.Labels{{Output: "kin", Value: room(2), Weights: room(2)}}},
		`the data have no weights of the output "k"`:  {Outputs: []batch.Labels{{Output: "k", Weights: room(2)}}},
	} {
		mustSay(t, want, data.Gather(ignorant{named()}, []int{0, 1}, b), want)
	}
	err = data.Gather(data.Matrix{X: room(2, 2), Y: room(2)}, []int{0}, &batch.Batch{Outputs: []batch.Labels{{Output: "price", Value: room(1), Weights: room(1)}}})
	mustSay(t, "a matrix", err, `no labels of the output "price"`)
}

// Categories are integers within their number, for both dtypes; others are named with their row.
func TestCheckCategories(t *testing.T) {
	inputs := []batch.Input{{Name: "numbers", Width: 1}, {Name: "town", Kind: batch.Category, Width: 3}}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		town := tensor.New(tensor.Of(dtype), tensor.WithShape(3))
		b := &batch.Batch{Inputs: []batch.Tensor{{Name: "town", Value: town}}}
		if err := data.CheckCategories([]int{4, 5, 6}, b, inputs); err != nil {
			t.Error(err)
		}
		for _, bad := range []float64{-1, 3, 0.5} {
			if dtype == tensor.Float32 {
				town.Float32s()[1] = float32(bad)
			} else {
				town.Float64s()[1] = bad
			}
			mustSay(t, "a category", data.CheckCategories([]int{4, 5, 6}, b, inputs), `row 5: the input "town" has the category `)
		}
	}
}

// The labels of an output and what is not finite in an input are found by name.
func TestByName(t *testing.T) {
	d := named()
	labels, weights, err := data.Labels(d, graphs.Output{Name: "price", Loss: graphs.MSE, Width: 2})
	if err != nil || !slices.Equal(labels, d.Targets[1].Y.Float64s()) || len(weights) != 8 {
		t.Errorf("labels %v, weights %v (%v)", labels, weights, err)
	}
	_, _, err = data.Labels(d, graphs.Output{Name: "kind", Loss: graphs.CrossEntropy, Width: 2})
	mustSay(t, "a class", err, `output "kind": row 2: has the class 2`)
	csr, err := batch.NewCSR(tensor.Float32, 5)
	if err != nil {
		t.Fatal(err)
	}
	d.Features[3].Sparse.Data().([]float32)[2] = float32(math.Inf(1))
	b := &batch.Batch{Inputs: []batch.Tensor{{Name: "bits", Sparse: csr}}}
	if err := data.Gather(d, []int{0, 1, 2, 3}, b); err != nil {
		t.Fatal(err)
	}
	if c, found := data.NotFinite([]int{0, 1, 2, 3}, b); !found || c.Input != "bits" || c.Row != 2 || c.Column != 1 {
		t.Errorf("%+v, %v", c, found)
	}
}
