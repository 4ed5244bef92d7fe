package ops_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"gorgonia.org/tensor"
)

func ExampleSameShape() {
	fmt.Println(ops.SameShape([]tensor.Shape{{4, 3}, {4, 3}}))
	fmt.Println(ops.SameShape([]tensor.Shape{{4, 3}, {3, 4}}))
	// Output:
	// (4, 3) <nil>
	// () want equal shapes, got (4, 3) and (3, 4)
}

// A gradient of input 1 of the forward op, as a step on the upstream gradient and that input.
func ExampleShapeOf() {
	fmt.Println(ops.ShapeOf(1)([]tensor.Shape{{}, {4, 3}}))
	// Output: (4, 3) <nil>
}

// The gradient of a bias has the shape of a row of the upstream gradient.
func ExampleRowOf() {
	fmt.Println(ops.RowOf(0)([]tensor.Shape{{4, 3}}))
	fmt.Println(ops.RowOf(0)([]tensor.Shape{{4}}))
	// Output:
	// (3) <nil>
	// () input 0 has shape (4), want a matrix
}

// A loss is a scalar and checks the shapes of predictions and labels.
func ExampleScalarOf() {
	shape := ops.ScalarOf(ops.SameShape)
	fmt.Println(shape([]tensor.Shape{{4, 3}, {4, 3}}))
	fmt.Println(shape([]tensor.Shape{{4, 3}, {4}}))
	// Output:
	// () <nil>
	// () want equal shapes, got (4, 3) and (4)
}

func ExampleColumns() {
	fmt.Println(ops.Columns(tensor.Shape{4, 3}), ops.Columns(tensor.Shape{4}), ops.Columns(tensor.Shape{4, 2, 5}))
	// Output: 3 1 10
}

func ExampleCheckMatrix() {
	fmt.Println(ops.CheckMatrix("logits", tensor.Shape{4}))
	fmt.Println(ops.CheckMatrix("logits", tensor.Shape{4, 3}))
	// Output:
	// logits has shape (4), want a matrix
	// <nil>
}

// One class for each of 4 rows.
func ExampleCheckVector() {
	fmt.Println(ops.CheckVector("classes", tensor.Shape{4, 1}, 4))
	fmt.Println(ops.CheckVector("classes", tensor.Shape{4}, 4))
	// Output:
	// classes has shape (4, 1), want (4)
	// <nil>
}

// A shape function returns a new shape: changing it changes no input.
func TestShapesAreCopies(t *testing.T) {
	for name, f := range map[string]func([]tensor.Shape) (tensor.Shape, error){
		"SameShape": ops.SameShape, "ShapeOf": ops.ShapeOf(1), "RowOf": ops.RowOf(0), "ScalarOf": ops.ScalarOf(nil),
	} {
		in := []tensor.Shape{{4, 3}, {4, 3}}
		out, err := f(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i := range out {
			out[i] = 7
		}
		if !slices.Equal(in[0], tensor.Shape{4, 3}) || !slices.Equal(in[1], tensor.Shape{4, 3}) {
			t.Errorf("%s: the inputs became %v", name, in)
		}
	}
}

// An input that is not there is an error, not a panic.
func TestShapesOfMissingInputs(t *testing.T) {
	for name, f := range map[string]func([]tensor.Shape) (tensor.Shape, error){
		"SameShape": ops.SameShape, "ShapeOf(0)": ops.ShapeOf(0), "ShapeOf(-1)": ops.ShapeOf(-1), "RowOf": ops.RowOf(2),
		"ScalarOf": ops.ScalarOf(ops.SameShape),
	} {
		if s, err := f(nil); err == nil {
			t.Errorf("%s of no inputs is %v", name, s)
		}
	}
}
