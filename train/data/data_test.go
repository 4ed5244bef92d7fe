package data_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/data"
	"gorgonia.org/tensor"
)

// numbers returns a tensor of either dtype with the elements 0, 1, 2 ...
func numbers(dtype tensor.Dtype, shape ...int) *tensor.Dense {
	t := tensor.New(tensor.Of(dtype), tensor.WithShape(shape...))
	for i := range t.DataSize() {
		if dtype == tensor.Float32 {
			t.Float32s()[i] = float32(i)
		} else {
			t.Float64s()[i] = float64(i)
		}
	}
	return t
}

func floats(t *tensor.Dense) (out []float64) {
	if t.Dtype() == tensor.Float64 {
		return t.Float64s()
	}
	for _, x := range t.Float32s() {
		out = append(out, float64(x))
	}
	return out
}

func mustSay(t *testing.T, what string, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: error %v, want one that says %q", what, err, text)
	}
}

func TestMatrixValidate(t *testing.T) {
	x, y := numbers(tensor.Float32, 4, 2), numbers(tensor.Float64, 4, 3)
	transposed := numbers(tensor.Float32, 2, 4)
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	view, err := numbers(tensor.Float32, 4, 3).Slice(nil, tensor.S(0, 2))
	if err != nil {
		t.Fatal(err)
	}
	for want, m := range map[string]data.Matrix{
		"X is not a matrix":         {},
		"rows and columns":          {X: numbers(tensor.Float32, 4)},
		"Y is int":                  {X: x, Y: tensor.New(tensor.Of(tensor.Int), tensor.WithShape(4))},
		"X of shape (4, 2) is not":  {X: transposed},
		"row-major and contiguous":  {X: view.(*tensor.Dense)},
		"Y has shape (3), want 4":   {X: x, Y: numbers(tensor.Float32, 3)},
		"Weights has shape (4, 2)":  {X: x, Y: y, Weights: numbers(tensor.Float32, 4, 2)},
		"Weights has shape (5)":     {X: x, Y: y, Weights: numbers(tensor.Float32, 5)},
		"weights but no labels":     {X: x, Weights: numbers(tensor.Float32, 4)},
		"1 names for 2 columns":     {X: x, Columns: []string{"a"}},
		"Y has shape (4, 1, 1)":     {X: x, Y: numbers(tensor.Float32, 4, 1, 1)},
		"Matrix: Y has shape (1, 4": {X: x, Y: numbers(tensor.Float32, 1, 4)},
	} {
		mustSay(t, want, m.Validate(), want)
		mustSay(t, "Check", data.Check(m, batch.Matrix(2)), map[bool]string{true: "no data", false: want}[m.Len() == 0])
	}
	for _, m := range []data.Matrix{
		{X: x}, {X: x, Y: y}, {X: x, Y: y, Weights: numbers(tensor.Float64, 4, 3)}, {X: x, Y: y, Weights: numbers(tensor.Float32, 4), Columns: []string{"a", "b"}},
	} {
		if err := m.Validate(); err != nil {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

// Rows come in the order asked for, in either dtype; weights are 1 without any, and one per row is one for each of its labels.
func TestMatrixGather(t *testing.T) {
	for _, from := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, to := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			m := data.Matrix{X: numbers(from, 3, 2), Y: numbers(from, 3, 2), Weights: numbers(from, 3)}
			x, y, w := numbers(to, 2, 2), numbers(to, 2, 2), numbers(to, 2, 2)
			if err := m.Gather([]int{2, 0}, batch.Of(x, y, w)); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(floats(x), []float64{4, 5, 0, 1}) || !slices.Equal(floats(y), floats(x)) || !slices.Equal(floats(w), []float64{2, 2, 0, 0}) {
				t.Errorf("%v to %v: %v, %v, %v", from, to, x, y, w)
			}
			m.Weights = nil
			if err := m.Gather([]int{1, 1}, batch.Of(x, nil, w)); err != nil || !slices.Equal(floats(w), []float64{1, 1, 1, 1}) || floats(x)[3] != 3 {
				t.Errorf("%v to %v: %v, %v (%v)", from, to, x, w, err)
			}
		}
	}
	m := data.Matrix{X: numbers(tensor.Float32, 3, 2), Y: numbers(tensor.Float32, 3)}
	for want, b := range map[string]*batch.Batch{
		"features":         batch.Of(numbers(tensor.Float32, 2, 3), nil, nil),
		"labels":           batch.Of(numbers(tensor.Float32, 2, 2), numbers(tensor.Float32, 2, 3), nil),
		"there is no data": nil,
	} {
		mustSay(t, want, data.Gather(m, []int{0, 1}, b), want)
	}
	mustSay(t, "a row out of range", m.Gather([]int{0, 3}, batch.Of(numbers(tensor.Float32, 2, 2), nil, nil)), "row 3")
	m.Y = nil
	mustSay(t, "no labels", m.Gather([]int{0, 1}, batch.Of(nil, numbers(tensor.Float32, 2), nil)), "no labels")
}

func TestSubset(t *testing.T) {
	m := data.Matrix{X: numbers(tensor.Float32, 4, 2), Y: numbers(tensor.Float32, 4), Columns: []string{"a", "b"}}
	rows := []int{3, 1, 3}
	s, err := data.Subset(m, rows)
	if err != nil {
		t.Fatal(err)
	}
	rows[0] = 0 // the subset keeps its own list
	again, err := data.Subset(s, []int{2, 0})
	if err != nil {
		t.Fatal(err)
	}
	x := numbers(tensor.Float32, 2, 2)
	if err := again.Gather([]int{0, 1}, batch.Of(x, nil, nil)); err != nil || !slices.Equal(floats(x), []float64{6, 7, 6, 7}) {
		t.Errorf("%v (%v)", x, err)
	}
	if s.Len() != 3 || s.Inputs()[0].Columns[1] != "b" {
		t.Errorf("%d rows, inputs %v", s.Len(), s.Inputs())
	}
	mustSay(t, "a row of the subset", s.Gather([]int{3}, batch.Of(numbers(tensor.Float32, 1, 2), nil, nil)), "row 3 of 3")
	for _, rows := range [][]int{{4}, {-1}, {math.MaxInt}} {
		_, err := data.Subset(m, rows)
		mustSay(t, "a row of the data", err, "of 4")
	}
	_, err = data.Subset(nil, nil)
	mustSay(t, "no data", err, "no data")
	bad, err := data.Subset(data.Matrix{X: numbers(tensor.Float32, 4, 2), Columns: []string{"a"}}, []int{0})
	if err != nil {
		t.Fatal(err)
	}
	mustSay(t, "a subset of bad data", data.Check(bad, batch.Matrix(2)), "1 names")
}

func TestCheck(t *testing.T) {
	m := data.Matrix{X: numbers(tensor.Float32, 4, 2), Columns: []string{"a", "b"}}
	for want, inputs := range map[string][]batch.Input{
		"reads 3 columns, the data have 2": batch.Matrix(3),
		`the input "z"`:                    {{Name: "z", Width: 2}},
		"is sparse":                        {{Kind: batch.Sparse, Width: 2}},
		`column 1 is "b"`:                  {{Width: 2, Columns: []string{"a", "c"}}},
	} {
		mustSay(t, want, data.Check(m, inputs), want)
	}
	if err := data.Check(m, []batch.Input{{Width: 2, Columns: []string{"a", "b"}}}); err != nil {
		t.Error(err)
	}
	mustSay(t, "no data", data.Check((*data.Matrix)(nil), nil), "no data")
	mustSay(t, "a panic", data.Check(broken{}, nil), "the data: panic: no length")
	mustSay(t, "too many rows", data.Check(absurd{math.MaxInt32}, nil), "more than")
}

type broken struct{ data.Matrix }

func (broken) Len() int { panic("no length") }

// order is Ordered data with a given order.
type order struct {
	data.Matrix
	rows []int
}

func (o order) Order(uint64, int) []int {
	if o.rows == nil {
		panic("no order")
	}
	return o.rows
}

func TestOrder(t *testing.T) {
	m := data.Matrix{X: numbers(tensor.Float32, 3, 1)}
	for want, rows := range map[string][]int{
		"2 rows, the data have 3": {0, 1}, "row 1 twice": {1, 0, 1}, "row 3 of 3": {0, 1, 3}, "row -1": {0, 1, -1}, "panic: no order": nil,
	} {
		_, err := data.Order(order{m, rows}, 1, 1)
		mustSay(t, want, err, want)
	}
	rows, err := data.Order(order{m, []int{2, 0, 1}}, 1, 1)
	if err != nil || !slices.Equal(rows, []int{2, 0, 1}) {
		t.Errorf("%v (%v)", rows, err)
	}
}

// A label that is NaN is missing, also if its weight is not 0; a weight that is no weight is an error.
func TestPrepare(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name           string
		loss           graphs.Loss
		y, w           []float64
		labels, weight int // widths
		wantY, wantW   []float64
		want           string
	}{
		{"ordinary", graphs.MSE, []float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, 2, 2, []float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, ""},
		{"missing", graphs.MSE, []float64{1, nan, 3, 4}, []float64{1, 5, 1, 0}, 2, 2, []float64{1, 0, 3, 4}, []float64{1, 0, 1, 0}, ""},
		{"a missing class", graphs.CrossEntropy, []float64{nan, 1}, []float64{3, 4}, 1, 1, []float64{0, 1}, []float64{0, 4}, ""},
		{"a missing distribution", graphs.SoftCrossEntropy, []float64{0.5, nan, 0.2, 0.8}, []float64{3, 4}, 2, 1, []float64{0.5, 0, 0.2, 0.8}, []float64{0, 4}, ""},
		{"an unused label may be anything", graphs.CrossEntropy, []float64{99, 1}, []float64{0, 1}, 1, 1, []float64{99, 1}, []float64{0, 1}, ""},
		{"class", graphs.CrossEntropy, []float64{0, 2}, []float64{1, 1}, 1, 1, nil, nil, "row 11: has the class 2, want an integer from 0 to 1 for the loss cross-entropy; numbers need a loss such as graphs.MSE"},
		{"weight", graphs.MSE, []float64{1, 2, 3, 4}, []float64{1, 1, 1, nan}, 2, 2, nil, nil, "row 11, column 1 has the weight NaN"},
		{"probability", graphs.SoftCrossEntropy, []float64{0, 1, -1, 2}, []float64{1, 1}, 2, 1, nil, nil, "row 11, column 0: has the probability -1"},
		{"infinite", graphs.MSE, []float64{1, math.Inf(-1), 3, 4}, []float64{1, 1, 1, 1}, 2, 2, nil, nil, "row 7, column 1: has the label -Inf"},
		{"binary", graphs.BCE, []float64{1, 0, 3, 0}, []float64{1, 1, 1, 1}, 2, 2, nil, nil, "row 11, column 0: has the label 3, want a number from 0 to 1 for the loss binary cross-entropy; class indices need graphs.CrossEntropy"},
	} {
		y := tensor.New(tensor.WithShape(2, test.labels), tensor.WithBacking(test.y))
		w := tensor.New(tensor.WithShape(2, test.weight), tensor.WithBacking(test.w))
		err := data.Prepare([]int{7, 11}, batch.Of(nil, y, w), graphs.Output{Loss: test.loss, Width: 2})
		if test.want != "" {
			mustSay(t, test.name, err, test.want)
			continue
		}
		if err != nil || !slices.Equal(test.y, test.wantY) || !slices.Equal(test.w, test.wantW) {
			t.Errorf("%s: labels %v, weights %v (%v)", test.name, test.y, test.w, err)
		}
	}
	mine := graphs.MSE
	mine.Name, mine.CheckLabel = "mine", func(float64) error { panic("no label will do") }
	one := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))
	mustSay(t, "a panic", data.Prepare([]int{0}, batch.Of(nil, one, one.Clone().(*tensor.Dense)), graphs.Output{Loss: mine, Width: 1}), "the loss mine: panic: no label will do")
}

// Labels have the layout of a result, whatever the loss, and a row that is bad is named.
func TestLabels(t *testing.T) {
	x := numbers(tensor.Float32, 3, 1)
	for loss, want := range map[string][2]int{"cross-entropy": {3, 3}, "soft cross-entropy": {6, 3}, "mean squared error": {6, 6}} {
		l, err := graphs.ParseLoss(loss)
		if err != nil {
			t.Fatal(err)
		}
		m := data.Matrix{X: x, Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3, 2))}
		if l.Labels == graphs.ClassIndex {
			m.Y = tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3))
		}
		labels, weights, err := data.Labels(m, graphs.Output{Loss: l, Width: 2})
		if err != nil || len(labels) != want[0] || len(weights) != want[1] || weights[0] != 1 {
			t.Errorf("%s: %v, %v (%v)", loss, labels, weights, err)
		}
	}
	_, _, err := data.Labels(data.Matrix{X: x, Y: numbers(tensor.Float32, 3)}, graphs.Output{Loss: graphs.CrossEntropy, Width: 2})
	mustSay(t, "a class", err, "row 2: has the class 2")
	_, _, err = data.Labels(data.Matrix{X: x, Y: numbers(tensor.Float32, 3, 2)}, graphs.Output{Loss: graphs.CrossEntropy, Width: 2})
	mustSay(t, "labels for each output", err, "has 2 for each row, the loss of the network reads 1: a loss of classes such as graphs.CrossEntropy reads one class index")
	_, _, err = data.Labels(data.Matrix{X: x, Y: numbers(tensor.Float32, 3)}, graphs.Output{Loss: graphs.BCE, Width: 2})
	mustSay(t, "class indices", err, "has 1 for each row, the loss of the network reads 2")
	_, _, err = data.Labels(absurd{3}, graphs.Output{Loss: graphs.CrossEntropy, Width: 2})
	mustSay(t, "a panic", err, "the data: panic")
}

func TestNotOneNotFinite(t *testing.T) {
	b := batch.Of(numbers(tensor.Float64, 3, 2), nil, numbers(tensor.Float32, 3, 2))
	if row, found := data.NotOne([]int{7, 8, 9}, b, ""); !found || row != 7 {
		t.Errorf("row %d, %v", row, found)
	}
	if _, found := data.NotFinite([]int{7, 8, 9}, b); found {
		t.Error("finite features are not finite")
	}
	b.Inputs[0].Value.Float64s()[3] = math.Inf(1)
	if c, found := data.NotFinite([]int{7, 8, 9}, b); !found || c != (data.Cell{Input: "x", Row: 8, Column: 1, Value: math.Inf(1)}) {
		t.Errorf("%+v, %v", c, found)
	}
}

// Recover keeps the error if nothing panics.
func TestRecover(t *testing.T) {
	f := func(panics bool) (err error) {
		defer data.Recover("f", &err)
		if panics {
			panic("oh")
		}
		return errors.New("ordinary")
	}
	mustSay(t, "an error", f(false), "ordinary")
	mustSay(t, "a panic", f(true), "f: panic: oh")
}
