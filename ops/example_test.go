package ops_test

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A graph by hand: selu(x w + b) and the gradient of its sum with respect to the weights. Package loss has losses.
func Example() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(2, 2), G.WithValue(
		tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}))))
	w := G.NewMatrix(g, tensor.Float64, G.WithName("w"), G.WithShape(2, 1), G.WithValue(
		tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{1, -1}))))
	b := G.NewVector(g, tensor.Float64, G.WithName("b"), G.WithShape(1), G.WithValue(
		tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0.5}))))

	z, err := ops.Affine(x, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	y, _ := ops.SELU(z)
	sum := G.Must(G.Sum(y))
	grads, _ := G.Grad(sum, w)
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.6f\n%.6f\n", y.Value().Data(), grads[0].Value().Data())
	// Output:
	// [-0.691758 -0.691758]
	// [4.265365 6.398047]
}

// Your own activation is a formula and its slope.
func ExampleElementwise() {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
	}
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithName("x"), G.WithShape(3), G.WithValue(
		tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{-1, 0, 3}))))
	y, err := softsign.Apply(x)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Value())
	// Output: [-0.5     0  0.75]
}

func ExampleAlphaDropout() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(128, 64))
	noise := ops.NewNoise(1) // one source per graph
	y, err := ops.AlphaDropout(x, 0.05, noise)
	fmt.Println(y.Shape(), err)
	_, err = ops.AlphaDropout(x, 1.5, noise)
	fmt.Println(err, errors.Is(err, ops.ErrRate))
	// Output:
	// (128, 64) <nil>
	// AlphaDropout: rate 1.5: dropout rate outside [0, 1) true
}

// Shapes that do not fit give an error that names the op and the shapes.
func ExampleAffine() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(128, 64))
	w := G.NewMatrix(g, tensor.Float32, G.WithName("w"), G.WithShape(32, 10))
	b := G.NewVector(g, tensor.Float32, G.WithName("b"), G.WithShape(10))
	_, err := ops.Affine(x, w, b)
	fmt.Println(err)
	// Output: Affine of shapes [(128, 64) (32, 10) (10)]: x has 64 columns, but w has 32 rows
}
