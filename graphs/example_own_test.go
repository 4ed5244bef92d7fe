package graphs_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Everything by hand: Gorgonia's graph and machine, the ops of this project, and Gorgonia's symbolic gradients.
func Example_bareGraph() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(4, 2), G.WithValue(
		tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{0, 0, 0, 1, 1, 0, 1, 1}))))
	y := G.NewMatrix(g, tensor.Float64, G.WithName("y"), G.WithShape(4, 1), G.WithValue(
		tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 1, 1, 2}))))
	w := G.NewMatrix(g, tensor.Float64, G.WithName("w"), G.WithShape(2, 1), G.WithValue(
		tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0.1, -0.2}))))
	b := G.NewVector(g, tensor.Float64, G.WithName("b"), G.WithShape(1), G.WithValue(
		tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0}))))
	z, err := ops.Affine(x, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	cost, err := loss.MSE(z, y, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	grads, err := G.Grad(cost, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := G.NewTapeMachine(g)
	defer machine.Close()
	for range 500 {
		if err := machine.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		for i, p := range []*G.Node{w, b} {
			values, slopes := p.Value().Data().([]float64), grads[i].Value().Data().([]float64)
			for k := range values {
				values[k] -= 0.3 * slopes[k]
			}
		}
		machine.Reset()
	}
	fmt.Printf("%.3f\n", w.Value().Data())
	// Output: [1.000 1.000]
}

// Housing reads the measures of a house and the category of its town. It returns the price and declares the output "sold".
type Housing struct{ Units int }

// Forward joins the two inputs, and adds a head for each output.
func (h Housing) Forward(b *nn.Binder, measures *G.Node) (*G.Node, error) {
	town, err := b.Input("town")
	if err != nil {
		return nil, err
	}
	place, err := b.Apply("place", nn.Embedding{Dim: h.Units}, town)
	if err != nil {
		return nil, err
	}
	size, err := b.Apply("size", nn.Dense{Units: h.Units}, measures)
	if err != nil {
		return nil, err
	}
	joint, err := ops.Concat(1, place, size) // side by side
	if err != nil {
		return nil, err
	}
	body, err := b.Apply("body", nn.Sequential{nn.SELU{}, nn.Dense{Units: h.Units, Activation: ops.SELU}}, joint)
	if err != nil {
		return nil, err
	}
	sold, err := b.Apply("sold", nn.Dense{Units: 1}, body)
	if err != nil {
		return nil, err
	}
	if err := b.Output("sold", sold); err != nil {
		return nil, err
	}
	return b.Apply("price", nn.Dense{Units: 1}, body)
}

func init() {
	if err := graphs.Register("housing", Housing{}); err != nil {
		panic(err)
	}
}

func newHousing() (*graphs.Network, error) {
	inputs := []graphs.Input{
		{Name: "measures", Kind: batch.Dense, Width: 5},     // a matrix of 5 columns, what Forward gets
		{Name: "town", Kind: batch.Category, Width: 10_000}, // one of 10,000 towns
	}
	return graphs.New(Housing{Units: 16}, inputs, graphs.MSE, graphs.OutputName("price"), graphs.OutputWeight(2),
		graphs.WithOutput(graphs.Output{Name: "sold", Loss: graphs.BCE}))
}

// Two inputs, two outputs, one file.
func ExampleWithOutput() {
	net, err := newHousing()
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "housing.safetensors")
	if err := net.Save(path); err != nil {
		fmt.Println(err)
		return
	}
	loaded, err := graphs.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, out := range loaded.Outputs {
		fmt.Println(out.Name, out.Width, out.Loss.Name)
	}
	// Output:
	// price 1 mean squared error
	// sold 1 binary cross-entropy
}

// Fourier gives a network features that are periodic in its inputs: sines of random directions, which stay as they were drawn, times
// gains, which learn.
type Fourier struct{ Features int }

var sine = ops.Elementwise{
	Name:  "Sine",
	F:     math.Sin,
	Slope: func(x, y float64) float64 { return math.Cos(x) },
}

// Forward adds the layer to the graph of x, a matrix.
func (f Fourier) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	_, directions, err := b.State("directions", nn.HeNormal, x.Shape()[1], f.Features)
	if err != nil {
		return nil, err
	}
	gain, err := b.Param("gain", nn.Ones, f.Features)
	if err != nil {
		return nil, err
	}
	v, err := ops.WeightNorm(directions, gain) // columns of the norms gain
	if err != nil {
		return nil, err
	}
	z, err := ops.MatMul(x, v)
	if err != nil {
		return nil, err
	}
	b.Linear(z, v) // so that probes can observe it
	return sine.Apply(z)
}

// A layer with a parameter and a state: only the parameter learns.
func Example_layerWithState() {
	net, err := graphs.New(nn.Sequential{Fourier{Features: 8}, nn.Dense{Units: 1}}, graphs.Matrix(2), graphs.MSE, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	x, y := make([]float32, 128), make([]float32, 64)
	for i := range y {
		x[2*i], x[2*i+1] = float32(i%8)/4-1, float32(i/8)/4-1
		y[i] = float32(math.Sin(2*float64(x[2*i]))) * x[2*i+1]
	}
	data := train.Matrix{X: tensor.New(tensor.WithShape(64, 2), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(64, 1), tensor.WithBacking(y))}
	before := net.Params.Clone()
	_, err = train.Fit(context.Background(), net, data, train.Config{
		Epochs: 5,
		Groups: []optim.Group{{Match: []string{"fourier1.*"}, RateFactor: 0.1}, {Match: []string{"*.bias"}, NoDecay: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"fourier1.directions", "fourier1.gain"} {
		fmt.Println(name, "changed:", !net.Params.Get(name).Value.Eq(before.Get(name).Value))
	}
	// Output:
	// fourier1.directions changed: false
	// fourier1.gain changed: true
}

// Moments of each layer of a deep network for standard normal inputs.
func ExampleGraph_Probes() {
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 256, Outputs: 1}, graphs.Matrix(256), graphs.MSE, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := net.Build(net.Config(graphs.Evaluate, 512))
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := G.NewTapeMachine(g.G)
	defer machine.Close()
	x := g.X.Value().Data().([]float32)
	for i := range x { // the quantiles of a normal distribution, in an order that mixes them
		x[i] = float32(math.Sqrt2 * math.Erfinv(2*math.Mod(0.5+float64(i)*0.6180339887, 1)-1))
	}
	if err := machine.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	for _, probe := range g.Probes() {
		m, err := probe.Read()
		if err != nil {
			fmt.Println(err)
			return
		}
		if probe.SELU {
			fmt.Printf("%s: mean below 0.1: %t, variance between 0.8 and 1.2: %t\n", probe.Name, math.Abs(m.Mean) < 0.1, m.Variance > 0.8 && m.Variance < 1.2)
		}
	}
	// Output:
	// hidden1.dense1: mean below 0.1: true, variance between 0.8 and 1.2: true
	// hidden2.dense1: mean below 0.1: true, variance between 0.8 and 1.2: true
	// hidden3.dense1: mean below 0.1: true, variance between 0.8 and 1.2: true
}
