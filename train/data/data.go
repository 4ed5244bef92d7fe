// Package data defines the data that networks are trained and evaluated on.
package data

import (
	"cmp"
	"fmt"
	"math"
	"runtime/debug"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"gorgonia.org/tensor"
)

// Data is a set of examples. *datasets.Set is one.
type Data interface {
	// Len is the number of rows.
	Len() int
	// Inputs describes the inputs of a row.
	Inputs() []batch.Input
	// Gather writes the given rows to the tensors of b: every input for which b has a tensor, and labels and weights of every output for which
	// b has tensors. It appends the rows of a sparse input to its batch.CSR. A weight is 1 for an ordinary label and 0 for a missing one; a label that is NaN is missing, whatever its weight. In a run with
	// more than one thread, Fit calls Gather from a second goroutine, one call at a time.
	Gather(rows []int, b *batch.Batch) error
}

// Ordered is Data with its own order, such as files that are best read one after another. Order returns the rows of an epoch, each once. It
// must depend only on its arguments, because a resumed run requests the same order again.
type Ordered interface {
	Data
	Order(seed uint64, epoch int) []int
}

// Streamed is Data with an order of its own that is computed piece by piece, so that the order of a billion rows need not be in memory.
// Sequence writes to rows the row numbers at the places from, from+1, ... of an epoch; all places of an epoch together hold each row once. It
// must depend only on its arguments, because a resumed run requests the same places again. Fit asks for the places of an epoch in
// ascending order, shortly before it gathers the rows.
type Streamed interface {
	Data
	Sequence(seed uint64, epoch, from int, rows []int) error
}

// Identified is Data that knows what it holds, such as a file with a checksum. Identity differs for other rows, or another order of them. A run is
// resumed only with data of the same identity; for other data, Fit compares the number of rows and a sample.
type Identified interface {
	Data
	Identity() string
}

// Validator is Data that can check itself before a row is read.
type Validator interface {
	Validate() error
}

// MaxElements bounds the rows of a data set, and the labels or predictions that are held in memory at once.
const MaxElements = math.MaxInt32 - 1

// Check returns an error for data that a network with these inputs cannot use.
func Check(d Data, inputs []batch.Input) (err error) {
	defer Recover("the data", &err)
	switch {
	case isNil(d) || d.Len() < 1:
		return errors.New("there is no data")
	case d.Len() > MaxElements:
		return errors.Errorf("the data have %d rows, more than %d", d.Len(), MaxElements)
	}
	if v, ok := d.(Validator); ok {
		if err := v.Validate(); err != nil {
			return err
		}
	}
	have := map[string]batch.Input{}
	for _, in := range d.Inputs() {
		have[cmp.Or(in.Name, batch.X)] = in
	}
	for _, want := range inputs {
		got, ok := have[cmp.Or(want.Name, batch.X)]
		switch {
		case !ok:
			return errors.Errorf("the network reads the input %q, which the data do not have: they have %q", cmp.Or(want.Name, batch.X), inputNames(d.Inputs()))
		case got.Kind != want.Kind:
			return errors.Errorf("the input %q of the network is %v, that of the data %v", cmp.Or(want.Name, batch.X), want.Kind, got.Kind)
		case !slices.Equal(got.Shape, want.Shape):
			return errors.Errorf("the network reads images of shape %v, those of the data have %v", want.Shape, got.Shape)
		case got.Width != want.Width && got.Kind == batch.Category:
			return errors.Errorf("the network knows %d categories of the input %q, the data have %d", want.Width, cmp.Or(want.Name, batch.X), got.Width)
		case got.Width != want.Width:
			return errors.Errorf("the network reads %d columns%s, the data have %d", want.Width, ofInput(want, inputs), got.Width)
		}
		for i, column := range want.Columns {
			if i < len(got.Columns) && got.Columns[i] != column {
				return errors.Errorf("column %d%s is %q in the data, the network was made for %q", i, ofInput(want, inputs), got.Columns[i], column)
			}
		}
	}
	return nil
}

// ofInput names an input in a message, if there are several.
func ofInput(in batch.Input, inputs []batch.Input) string {
	if len(inputs) < 2 {
		return ""
	}
	return fmt.Sprintf(" of the input %q", cmp.Or(in.Name, batch.X))
}

func inputNames(inputs []batch.Input) (names []string) {
	for _, in := range inputs {
		names = append(names, cmp.Or(in.Name, batch.X))
	}
	return names
}

// Gather calls d.Gather and returns a panic as an error with its stack. It is an error if d puts other tensors into the batch in place of
// writing to those that are there, and if it leaves one of them as it was. Sparse inputs have no rows before the call.
func Gather(d Data, rows []int, b *batch.Batch) (err error) {
	defer Recover("the data", &err)
	if isNil(d) || b == nil {
		return errors.New("there is no data or no batch")
	}
	given := *b
	var inputs [4]batch.Tensor // on the stack, as most batches are small
	var outputs [4]batch.Labels
	ins, outs := append(inputs[:0], b.Inputs...), append(outputs[:0], b.Outputs...)
	begin(b)
	err = d.Gather(rows, b)
	if err == nil && !(b.Rows == given.Rows && slices.Equal(b.Inputs, ins) && slices.Equal(b.Outputs, outs)) {
		err = errors.New("Gather has changed the batch; write to its tensors instead")
	}
	*b = given
	copy(b.Inputs, ins)
	copy(b.Outputs, outs)
	if err == nil {
		err = written(b, len(rows))
	}
	return err
}

// Order calls d.Order and returns an error unless the result holds each row once. A panic is an error with its stack.
func Order(d Ordered, seed uint64, epoch int) (rows []int, err error) {
	defer Recover("the order of the data", &err)
	if isNil(d) {
		return nil, errors.New("there is no data")
	}
	rows = d.Order(seed, epoch)
	if len(rows) != d.Len() {
		return nil, errors.Errorf("the order of epoch %d has %d rows, the data have %d", epoch, len(rows), d.Len())
	}
	seen := make([]bool, len(rows))
	for _, r := range rows {
		if r < 0 || r >= len(seen) {
			return nil, errors.Errorf("the order of epoch %d has row %d of %d", epoch, r, len(seen))
		}
		if seen[r] {
			return nil, errors.Errorf("the order of epoch %d has row %d twice", epoch, r)
		}
		seen[r] = true
	}
	return rows, nil
}

// Sequence calls d.Sequence and returns an error for a row that the data do not have. A panic is an error with its stack. It does not check
// that an epoch has each row once.
func Sequence(d Streamed, seed uint64, epoch, from int, rows []int) (err error) {
	defer Recover("the order of the data", &err)
	if isNil(d) {
		return errors.New("there is no data")
	}
	n := d.Len()
	if from < 0 || from > n || len(rows) > n-from {
		return errors.Errorf("places %d to %d of an epoch of %d rows", from, from+len(rows), n)
	}
	if err := d.Sequence(seed, epoch, from, rows); err != nil {
		return err
	}
	for i, r := range rows {
		if r < 0 || r >= n {
			return errors.Errorf("the order of epoch %d has row %d of %d at place %d", epoch, r, n, from+i)
		}
	}
	return nil
}

// Identity returns the identity of data that know it, and an empty text for others. A panic is an error with its stack.
func Identity(d Data) (text string, err error) {
	defer Recover("the identity of the data", &err)
	if i, ok := d.(Identified); ok && !isNil(d) {
		text = i.Identity()
	}
	return text, nil
}

// Recover turns a panic into an error with its stack; defer it. who names the code that may panic.
func Recover(who string, err *error) {
	if r := recover(); r != nil && err != nil {
		*err = errors.Errorf("%s: panic: %v\n%s", who, r, debug.Stack())
	}
}

// Labels returns the labels and weights of an output for all rows as float64, prepared for its loss as Prepare does. Their layouts are those
// of metric.Result.
func Labels(d Data, output graphs.Output) (labels, weights []float64, err error) {
	if isNil(d) || output.Width < 1 || d.Len() < 1 || d.Len() > MaxElements/output.Width {
		return nil, nil, errors.Errorf("labels of %d outputs: there are no rows, or they do not fit into memory", output.Width)
	}
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
	}
	matrix, vector := tensor.Shape{len(rows), output.Width}, tensor.Shape{len(rows)}
	shapes := [2]tensor.Shape{matrix, matrix} // of labels and weights
	switch output.Loss.Labels {
	case graphs.ClassIndex:
		shapes = [2]tensor.Shape{vector, vector}
	case graphs.Distribution:
		shapes[1] = vector
	}
	y := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shapes[0]...))
	w := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shapes[1]...))
	b := &batch.Batch{Rows: len(rows), Outputs: []batch.Labels{{Output: cmp.Or(output.Name, batch.Y), Value: y, Weights: w}}}
	if err := Gather(d, rows, b); err != nil {
		return nil, nil, err
	}
	if err := Prepare(rows, b, output); err != nil {
		return nil, nil, err
	}
	return y.Float64s(), w.Float64s(), nil
}
