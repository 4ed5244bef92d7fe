// Package batch defines how a data set passes examples to a network: named inputs, and labels and weights for each output. Package datasets
// fills batches and package train requests them; neither imports the other.
package batch

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// X and Y are the names of the only input and the only output of a network that has one of each.
const (
	X = "x"
	Y = "y"
)

// Kind is the kind of an input.
type Kind int

const (
	// Dense is a matrix of numbers, (rows, Width).
	Dense Kind = iota
	// Sparse is a matrix of Width columns most of whose elements are zero.
	Sparse
	// Category is one of Width categories per row, a vector of indices from 0.
	Category
	// Image is a tensor (rows, channels, height, width); Input.Shape has the last three, and Width is their product.
	Image
)

var kindNames = []string{"dense", "sparse", "category", "image"}

func (k Kind) String() string {
	if k >= 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// MarshalText implements encoding.TextMarshaler: a kind is its name in JSON.
func (k Kind) MarshalText() ([]byte, error) {
	if k < 0 || int(k) >= len(kindNames) {
		return nil, errors.Errorf("batch: %v has no name", k)
	}
	return []byte(kindNames[k]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	if k == nil {
		return errors.New("batch: no kind to read into")
	}
	for i, name := range kindNames {
		if name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return errors.Errorf("batch: kind %q, want one of %v", text, kindNames)
}

// Input describes one input of a network or of a data set.
type Input struct {
	// Name is unique among the inputs. Empty means X.
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Width is the number of columns, of categories, or of the elements of an image.
	Width int `json:"width"`
	// Shape is that of an image: channels, height, width. Nil for the other kinds.
	Shape []int `json:"shape,omitempty"`
	// Columns names the columns of a dense or sparse input. Nil if they have no names.
	Columns []string `json:"columns,omitempty"`
}

// Matrix returns the inputs of a network that reads one dense matrix with the given number of columns.
func Matrix(columns int) []Input { return []Input{{Name: X, Width: columns}} }

// Batch holds the tensors for some rows of a data set. The caller that requests the rows creates the tensors, all float32 or all float64,
// row-major and contiguous; the data set writes to them.
type Batch struct {
	// Rows is the number of rows that the tensors hold.
	Rows int
	// Inputs holds the tensors of the inputs, in any order.
	Inputs []Tensor
	// Outputs holds the labels of the outputs, in any order. It is empty if no labels are requested.
	Outputs []Labels
}

// Tensor receives one input: (Rows, Width) for a dense input, (Rows) for categories, (Rows, channels, height, width) for images.
type Tensor struct {
	Name  string
	Value *tensor.Dense
	// Sparse receives a sparse input in place of Value, which is nil then.
	Sparse *CSR
}

// Labels receives the labels of one output and their weights, which have the same shape: (Rows, outputs), or (Rows) for class indices from
// 0. A label that was not observed has the weight 0, an ordinary label the weight 1. For labels that are a distribution over the classes,
// Weights has the shape (Rows). Either may be nil if it is not requested.
type Labels struct {
	Output  string
	Value   *tensor.Dense
	Weights *tensor.Dense
}

// Input returns the tensor of the input of that name, or nil if there is none. A nil batch has none.
func (b *Batch) Input(name string) *tensor.Dense {
	if b == nil {
		return nil
	}
	for i := range b.Inputs {
		if b.Inputs[i].Name == name {
			return b.Inputs[i].Value
		}
	}
	return nil
}

// Sparse returns the rows of the sparse input of that name, or nil if there is none.
func (b *Batch) Sparse(name string) *CSR {
	if b == nil {
		return nil
	}
	for i := range b.Inputs {
		if b.Inputs[i].Name == name {
			return b.Inputs[i].Sparse
		}
	}
	return nil
}

// Labels returns the labels and weights of the output of that name; both are nil if there is none.
func (b *Batch) Labels(output string) (value, weights *tensor.Dense) {
	if b == nil {
		return nil, nil
	}
	for i := range b.Outputs {
		if b.Outputs[i].Output == output {
			return b.Outputs[i].Value, b.Outputs[i].Weights
		}
	}
	return nil, nil
}

// Of returns the batch of one dense input and one output. Labels and weights are nil if they are not requested.
func Of(x, labels, weights *tensor.Dense) *Batch {
	b := &Batch{Inputs: []Tensor{{Name: X, Value: x}}}
	if x != nil && x.Dims() > 0 {
		b.Rows = x.Shape()[0]
	}
	if labels != nil || weights != nil {
		b.Outputs = []Labels{{Y, labels, weights}}
	}
	return b
}

// Fold is one way to divide the rows of a data set: train on Fit, validate on Held.
type Fold struct {
	Fit  []int // train on these
	Held []int // validate or select on these
	Test []int // report the final result on these; nil if the fold has no such rows
}
