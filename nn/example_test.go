package nn_test

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A layer adds itself to a Gorgonia graph; the binder makes its parameters.
func ExampleSequential() {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	layer := nn.Sequential{
		nn.Dense{Units: 64, Activation: ops.SELU},
		nn.AlphaDropout{Rate: 0.05},
		nn.Dense{Units: 3},
	}
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(16, 10))
	y, err := layer.Forward(nn.NewBinder(g, params, true, ops.NewNoise(1)), x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Shape(), params.Size())
	for _, p := range params.All() {
		fmt.Println(p.Name, p.Value.Shape())
	}
	// Output:
	// (16, 3) 899
	// dense1.weight (10, 64)
	// dense1.bias (64)
	// dense2.weight (64, 3)
	// dense2.bias (3)
}

// Linear is a layer without bias or activation that adds its input if it has as many units.
type Linear struct{ Units int }

// Forward adds the layer to the graph of x, a matrix.
func (l Linear) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	w, err := b.Param("weight", nn.LeCunNormal, x.Shape()[1], l.Units)
	if err != nil {
		return nil, err
	}
	y, err := ops.MatMul(x, w)
	if err != nil {
		return nil, err
	}
	b.Linear(y, w) // so that probes can observe it
	if l.Units != x.Shape()[1] {
		return y, nil
	}
	return ops.Add(x, y)
}

// Your own layer asks the binder for its parameters by name and shape.
func ExampleLayer() {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(16, 10))
	b := nn.NewBinder(g, params, true, ops.NewNoise(1))
	y, err := b.Apply("body", nn.Sequential{Linear{Units: 10}, Linear{Units: 2}}, x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Shape())
	for _, r := range b.Records() {
		fmt.Println(r.Name, r.Kind, len(r.Params))
	}
	// Output:
	// (16, 2)
	// body Sequential 0
	// body.linear1 Linear 1
	// body.linear2 Linear 1
}

// A network whose activations keep mean 0 and variance 2, with the SELU and the alpha dropout of that fixed point.
func ExampleFixedPoint() {
	fixed := nn.FixedPoint{Variance: 2} // or its Lambda and Alpha
	layer := nn.Sequential{
		nn.Dense{Units: 64, Activation: fixed.SELU},
		nn.AlphaDropout{Rate: 0.05, Fixed: fixed},
	}
	at, err := fixed.Complete()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d layers with lambda %.4f and alpha %.4f\n", len(layer), at.Lambda, at.Alpha)
	// Output: 2 layers with lambda 1.0607 and alpha 1.9713
}

// A dense layer with your own activation, from a formula and its slope.
func ExampleDense() {
	sine := ops.Elementwise{
		Name:  "Sine",
		F:     math.Sin,
		Slope: func(x, y float64) float64 { return math.Cos(x) },
	}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(16, 10))
	layer := nn.Dense{Units: 4, Activation: sine.Apply, WeightInit: nn.GlorotUniform}
	y, err := nn.NewBinder(g, params, true, ops.NewNoise(1)).Apply("first", layer, x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Shape(), params.Get("first.weight").Value.Shape(), params.Get("first.bias").Value)
	// Output: (16, 4) (10, 4) [0  0  0  0]
}

// Func makes a layer of any ops, here of Gorgonia's.
func ExampleFunc() {
	square := nn.Func(func(x *G.Node) (*G.Node, error) { return G.Square(x) })
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(16, 10))
	y, err := nn.Sequential{nn.Dense{Units: 3}, square}.Forward(nn.NewBinder(g, params, true, ops.NewNoise(1)), x)
	fmt.Println(y.Shape(), err)
	// Output: (16, 3) <nil>
}
