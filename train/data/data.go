// Package data defines what networks are trained on and judged by.
package data

import (
	"math"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// Data is a set of examples. *datasets.Set is one.
type Data interface {
	// Len is the number of rows.
	Len() int
	// Inputs describes what a row holds.
	Inputs() []batch.Input
	// Gather writes the given rows to the tensors of b: all inputs that b has room for, and labels and weights where it has room for
	// those. A weight is 1 for an ordinary label and 0 for a missing one; a label that is NaN is missing, whatever its weight.
	// Fit calls it from another goroutine than its caller's if it has more than one thread, one call at a time.
	Gather(rows []int, b *batch.Batch) error
}

// Ordered is Data that is best read in an order of its own, such as files that are read one after another. Order returns the rows of
// an epoch, each once; it must depend on its arguments alone, so that a resumed run reads on where the run before it stopped.
type Ordered interface {
	Data
	Order(seed uint64, epoch int) []int
}

// Validator is Data that can find its faults before a row is read.
type Validator interface {
	Validate() error
}

// Check returns an error for data that cannot be used with inputs of these widths.
func Check(d Data, inputs []batch.Input) (err error) {
	defer Recover("the data", &err)
	if isNil(d) || d.Len() < 1 {
		return errors.New("there is no data")
	}
	if v, ok := d.(Validator); ok {
		if err := v.Validate(); err != nil {
			return err
		}
	}
	have := map[string]batch.Input{}
	for _, in := range d.Inputs() {
		have[nameOr(in.Name)] = in
	}
	for _, want := range inputs {
		got, ok := have[nameOr(want.Name)]
		switch {
		case !ok:
			return errors.Errorf("the network reads the input %q, which the data do not have", nameOr(want.Name))
		case got.Kind != want.Kind:
			return errors.Errorf("the input %q of the network is %v, that of the data %v", nameOr(want.Name), want.Kind, got.Kind)
		case got.Width != want.Width:
			return errors.Errorf("the network reads %d columns, the data have %d", want.Width, got.Width)
		}
		for i, column := range want.Columns {
			if i < len(got.Columns) && got.Columns[i] != column {
				return errors.Errorf("column %d is %q in the data, the network was made for %q", i, got.Columns[i], column)
			}
		}
	}
	return nil
}

func nameOr(name string) string {
	if name == "" {
		return batch.X
	}
	return name
}

// Gather calls d.Gather; a panic is an error with its stack.
func Gather(d Data, rows []int, b *batch.Batch) (err error) {
	defer Recover("the data", &err)
	return d.Gather(rows, b)
}

// Recover makes an error of a panic, for a deferred call. who names what has panicked.
func Recover(who string, err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("%s: panic: %v\n%s", who, r, debug.Stack())
	}
}

// Labels returns the labels and weights of some rows, as float64, with room made by the shape of the labels of one row: none for class
// indices, else the number of outputs. weightWidth is that of the weights.
func Labels(d Data, rows []int, labelWidth, weightWidth int) (labels, weights []float64, err error) {
	shape := func(width int) *tensor.Dense {
		if width == 0 {
			return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(len(rows)))
		}
		return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(len(rows), width))
	}
	y, w := shape(labelWidth), shape(weightWidth)
	b := &batch.Batch{Rows: len(rows), Outputs: []batch.Labels{{Output: batch.Y, Value: y, Weights: w}}}
	if err := Gather(d, rows, b); err != nil {
		return nil, nil, err
	}
	return y.Float64s(), w.Float64s(), nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
