package graphs_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A network in one line: four hidden layers of 64 SELU units, 100 inputs, 12 binary tasks.
func ExampleNew() {
	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 64, Outputs: 12, Dropout: 0.05}, graphs.Matrix(100), graphs.BCE, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Size(), net.Columns(), net.Loss())
	// Output: 19724 100 binary cross-entropy
}

// The road below graphs.New: a layer and parameters become a graph, which a Gorgonia machine runs.
func ExampleBuild() {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	layer := graphs.SNN{Layers: 2, Units: 64, Outputs: 12, Dropout: 0.05}
	g, err := graphs.Build(layer, params, graphs.Config{Mode: graphs.Train, Batch: 128, Inputs: graphs.Matrix(100), Loss: graphs.BCE})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range strings.Split(g.Summary(), "\n") {
		if !strings.HasPrefix(line, "memory:") { // which depends on the processor, too
			fmt.Println(strings.TrimRight(line, " "))
		}
	}
	// Output:
	// layer            kind          output      parameters
	// input                          (128, 100)
	// hidden1          Sequential    (128, 64)
	//   dense1         Dense, SELU   (128, 64)   weight (100, 64), bias (64)
	//   alphadropout1  AlphaDropout  (128, 64)
	// hidden2          Sequential    (128, 64)
	//   dense1         Dense, SELU   (128, 64)   weight (64, 64), bias (64)
	//   alphadropout1  AlphaDropout  (128, 64)
	// output           Dense         (128, 12)   weight (64, 12), bias (12)
	// 11404 trainable parameters
}

// A training step by hand, with plain gradient descent.
func ExampleBuild_step() {
	params, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	layer := nn.Sequential{nn.Dense{Units: 8, Activation: ops.SELU}, nn.Dense{Units: 1}}
	g, err := graphs.Build(layer, params, graphs.Config{Mode: graphs.Train, Batch: 2, Inputs: graphs.Matrix(3), Loss: graphs.MSE})
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := G.NewTapeMachine(g.G)
	defer machine.Close()
	copy(g.X.Value().Data().([]float64), []float64{1, 2, 3, -1, 0, 1})
	copy(g.Labels.Value().Data().([]float64), []float64{0.5, -0.5})
	copy(g.Weights.Value().Data().([]float64), []float64{1, 1})
	var first, last float64
	for step := range 100 {
		machine.Reset()
		if err := machine.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		if last = g.Value(g.Cost).Data().(float64); step == 0 {
			first = last
		}
		for i, p := range g.Params {
			for k, d := range g.Value(g.Grads[i]).Data().([]float64) {
				p.Value.Float64s()[k] -= 0.05 * d
			}
		}
	}
	fmt.Println(last < first/1000)
	// Output: true
}

// TwoBranches is your own network: its fields describe it, and Forward builds it.
type TwoBranches struct {
	Wide, Deep int
	Outputs    int
}

// Forward adds the sum of a wide and a deep branch.
func (n TwoBranches) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	wide, err := b.Apply("wide", nn.Sequential{nn.Dense{Units: n.Wide, Activation: ops.Tanh}, nn.Dense{Units: n.Outputs}}, x)
	if err != nil {
		return nil, err
	}
	deep, err := b.Apply("deep", nn.Sequential{
		nn.Dense{Units: n.Deep, Activation: ops.SELU}, nn.Dense{Units: n.Deep, Activation: ops.SELU}, nn.Dense{Units: n.Outputs},
	}, x)
	if err != nil {
		return nil, err
	}
	return ops.Add(wide, deep)
}

func init() {
	if err := graphs.Register("two branches", TwoBranches{}); err != nil {
		panic(err)
	}
}

// A registered network of your own can be saved and loaded like those of the package.
func ExampleRegister() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "net.safetensors")

	net, err := graphs.New(TwoBranches{Wide: 64, Deep: 16, Outputs: 3}, graphs.Matrix(4), graphs.CrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Train the network here with train.Fit.
	if err := net.Save(path); err != nil {
		fmt.Println(err)
		return
	}
	back, err := graphs.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(back.Architecture())
	// Output: two branches {"Wide":64,"Deep":16,"Outputs":3}
}

// logCosh is your own loss, made of Gorgonia's ops: the mean of log(cosh(output - label)).
var logCosh = graphs.Loss{
	Name: "log-cosh",
	Apply: func(output, labels, weights *G.Node) (*G.Node, error) {
		d, err := G.Sub(output, labels)
		if err != nil {
			return nil, err
		}
		// log(cosh(d)) = d + softplus(-2d) - log(2), and the constant does not matter for training.
		twice, err := G.Add(d, d)
		if err != nil {
			return nil, err
		}
		negative, err := G.Neg(twice)
		if err != nil {
			return nil, err
		}
		bend, err := G.Softplus(negative)
		if err != nil {
			return nil, err
		}
		sum, err := G.Add(d, bend)
		if err != nil {
			return nil, err
		}
		return G.Mean(sum)
	},
}

func init() {
	if err := graphs.RegisterLoss(logCosh); err != nil {
		panic(err)
	}
}

// Your own loss trains, validates and survives files like those of the package.
func ExampleRegisterLoss() {
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 16, Outputs: 1}, graphs.Matrix(1), logCosh, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	x, y := make([]float32, 64), make([]float32, 64)
	for i := range x {
		x[i] = float32(i)/32 - 1
		y[i] = float32(math.Sin(3 * float64(x[i])))
	}
	data := train.Matrix{X: tensor.New(tensor.WithShape(64, 1), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(64, 1), tensor.WithBacking(y))}
	_, err = train.Fit(context.Background(), net, data, train.Config{Epochs: 300, Batch: 16, Optimizer: optim.Adam{Rate: 0.01}})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := train.Evaluate(context.Background(), net, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	r2, err := metric.R2.Compute(result)
	fmt.Println(r2 > 0.99, err)
	// Output: true <nil>
}

// Fine-tuning: the body of a trained network, a new head, and only the head learns.
func Example_fineTuning() {
	pretrained, err := graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 10}, graphs.Matrix(8), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	// pretrained usually comes from graphs.Load.
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 1}, graphs.Matrix(8), graphs.MSE, graphs.Seed(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	copied, err := net.Params.CopyMatching(pretrained.Params, "hidden*")
	if err != nil {
		fmt.Println(err)
		return
	}
	data := train.Matrix{X: tensor.New(tensor.WithShape(16, 8), tensor.Of(tensor.Float32)), Y: tensor.New(tensor.WithShape(16, 1), tensor.Of(tensor.Float32))}
	_, err = train.Fit(context.Background(), net, data, train.Config{
		Epochs: 5,
		Groups: []optim.Group{{Match: []string{"hidden*"}, Frozen: true}},
	})
	name := "hidden3.dense1.weight"
	fmt.Println(len(copied), net.Params.Get(name).Value.Eq(pretrained.Params.Get(name).Value), err)
	// Output: 6 true <nil>
}

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "net.safetensors")

	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 64, Outputs: 12}, graphs.Matrix(100), graphs.BCE)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Train the network here with train.Fit; then save it.
	if err := net.Save(path); err != nil {
		fmt.Println(err)
		return
	}

	// Another program needs nothing but the file.
	loaded, err := graphs.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(loaded.Size(), loaded.Columns(), loaded.Outputs[0].Width, loaded.Loss())
	// Output: 11404 100 12 binary cross-entropy
}
