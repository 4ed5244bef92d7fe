package callback_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// rings returns points of two classes, one around the other.
func rings(n int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, 0, 2*n), make([]float32, 0, n)
	for range n {
		class, angle := r.IntN(2), 2*math.Pi*r.Float64()
		radius := float64(class) + 0.5 + 0.1*r.NormFloat64()
		x = append(x, float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle)))
		y = append(y, float32(class))
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
	}
}

// smoothStop ends a training when the running mean of the loss is below Below. It remembers that mean, so it is Stateful.
type smoothStop struct {
	Below float64
	mean  float64
}

func (c *smoothStop) AfterStep(_ context.Context, s *train.State) error {
	if s.Step == 1 {
		c.mean = s.Loss
	}
	c.mean = 0.9*c.mean + 0.1*s.Loss
	return nil
}

func (c *smoothStop) AfterEpoch(_ context.Context, s *train.State) error {
	if c.mean < c.Below {
		return train.ErrStop
	}
	return nil
}

func (c *smoothStop) Snapshot() (optim.Snapshot, error) {
	values, err := json.Marshal(c.mean)
	return optim.Snapshot{Values: values}, err
}

func (c *smoothStop) Restore(s optim.Snapshot) error { return json.Unmarshal(s.Values, &c.mean) }

var (
	_ callback.StepCallback  = (*smoothStop)(nil)
	_ callback.EpochCallback = (*smoothStop)(nil)
	_ optim.Stateful         = (*smoothStop)(nil)
)

// Your own callback ends the training when the loss is low enough.
func ExampleCallback() {
	data := rings(400, 1)
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	history, err := train.Fit(context.Background(), net, data, train.Config{
		Epochs: 1000, Batch: 32, Seed: 1, Callbacks: []train.Callback{&smoothStop{Below: 0.1}},
	})
	fmt.Println("stopped before epoch 100:", len(history.Epochs) < 100, err)
	// Output: stopped before epoch 100: true <nil>
}

// A layer whose gradient is not a number ends the run before the weights are spoilt.
func ExampleNaNWatch() {
	root := ops.Elementwise{
		Name:  "Root",
		F:     func(x float64) float64 { return math.Sqrt(math.Max(x, 0)) },
		Slope: func(_, y float64) float64 { return 0.5 / y }, // infinite at 0
	}
	layer := nn.Sequential{nn.Dense{Units: 4, Activation: root.Apply}, nn.Dense{Units: 2}}
	data := rings(400, 1)
	net, err := graphs.New(layer, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = train.Fit(context.Background(), net, data, train.Config{Batch: 32, Callbacks: []train.Callback{&callback.NaNWatch{}}})
	text, _, _ := strings.Cut(err.Error(), " has ")
	fmt.Println(text)
	fmt.Println("diverged:", errors.Is(err, train.ErrDiverged))
	// Output:
	// train: epoch 1, step 1: NaNWatch: the gradient of parameter "dense1.bias" of layer "dense1"
	// diverged: true
}

// Probes show the moments of each layer, and Fit warns when a network cannot normalize itself.
func ExampleProbes() {
	layer := nn.Sequential{
		nn.Dense{Units: 64, Activation: ops.SELU},
		nn.Dense{Units: 64, Activation: ops.SELU, WeightInit: nn.HeNormal}, // wrong: that is for ReLU
		nn.Dense{Units: 2},
	}
	data := rings(400, 1)
	net, err := graphs.New(layer, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	history, err := train.Fit(context.Background(), net, data, train.Config{
		Callbacks: []train.Callback{&callback.Probes{}},
		Warn:      func(warning string) { fmt.Println("warning:", warning[:60], "...") },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range history.Moments[0].Layers {
		fmt.Printf("%s: omega %.2f, tau %.2f\n", l.Name, l.Omega, l.Tau)
	}
	// Output:
	// warning: the weights of layer "dense2" do not start as LeCun normal o ...
	// dense1: omega 0.08, tau 0.97
	// dense2: omega 0.17, tau 2.07
	// dense3: omega -0.07, tau 1.05
}
