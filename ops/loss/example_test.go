package loss_test

import (
	"fmt"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A graph by hand: selu(x w + b), its mean squared error, and the gradient of the weights.
func Example() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(2, 2), G.WithValue(
		tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}))))
	w := G.NewMatrix(g, tensor.Float64, G.WithName("w"), G.WithShape(2, 1), G.WithValue(
		tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{1, -1}))))
	b := G.NewVector(g, tensor.Float64, G.WithName("b"), G.WithShape(1), G.WithValue(
		tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0.5}))))
	y := G.NewMatrix(g, tensor.Float64, G.WithName("y"), G.WithShape(2, 1), G.WithValue(
		tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 1}))))

	z, err := ops.Affine(x, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	z, _ = ops.SELU(z)
	cost, _ := loss.MSE(z, y, nil)
	grads, _ := G.Grad(cost, w)
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.6f\n%.6f\n", cost.Value().Data(), grads[0].Value().Data())
	// Output:
	// 1.670288
	// [-6.149624 -8.691266]
}

// A weight of 0 marks a missing label. A label that cannot be used is an error with its place.
func ExampleBCE() {
	g := G.NewGraph()
	input := func(name string, x ...float64) *G.Node {
		return G.NewMatrix(g, tensor.Float64, G.WithName(name), G.WithShape(2, 2), G.WithValue(
			tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(x))))
	}
	logits := input("logits", 0, 1, 2, 3)
	targets := input("targets", 1, 0, -1, 2)
	weights := input("weights", 1, 1, 0, 1)
	cost, err := loss.BCE(logits, targets, weights, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	err = ops.Cause(m.RunAll())
	var bad *loss.LabelError
	fmt.Println(err, errors.As(err, &bad), bad.Row, bad.Column)
	targets.Value().Data().([]float64)[3] = 1
	m.Reset()
	fmt.Println(m.RunAll())
	fmt.Printf("%.6f\n", cost.Value().Data())
	// Output:
	// BCE: row 1, column 1: label 2, want a number in [0, 1] true 1 1
	// <nil>
	// 0.684999
}
