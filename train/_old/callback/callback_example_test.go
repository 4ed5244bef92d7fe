package callback_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

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

func (c *smoothStop) Snapshot() (train.Snapshot, error) {
	values, err := json.Marshal(c.mean)
	return train.Snapshot{Values: values}, err
}

func (c *smoothStop) Restore(s train.Snapshot) error { return json.Unmarshal(s.Values, &c.mean) }

// A callback of one's own ends the training when it has seen enough.
func ExampleCallback() {
	params, _ := nn.NewParams(tensor.Float32, 1)
	history, err := train.Fit(context.Background(), graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, params, rings(400, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 1000, Batch: 32, Seed: 1, Callbacks: []train.Callback{&smoothStop{Below: 0.1}},
	})
	fmt.Println("stopped before epoch 100:", len(history.Epochs) < 100, err)
	// Output: stopped before epoch 100: true <nil>
}

// The curves of a run as a table, which is there while the run goes on.
func ExampleCSVLog() {
	dir, err := os.MkdirTemp("", "log")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "curves.csv")
	params, _ := nn.NewParams(tensor.Float32, 1)
	if _, err := train.Fit(context.Background(), graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, params, rings(400, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 5, Batch: 32, Validation: rings(200, 2), Metric: train.Accuracy,
		Callbacks: []train.Callback{&train.CSVLog{Path: path}},
	}); err != nil {
		fmt.Println(err)
		return
	}
	text, _ := os.ReadFile(path)
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	fmt.Println(strings.Join(rows[0], " "))
	fmt.Println("epoch", rows[5][0], "ends with step", rows[5][1], err)
	// Output:
	// epoch step seconds loss rate validation_loss validation_accuracy
	// epoch 5 ends with step 65 <nil>
}

// A layer whose gradient is not a number ends the run before the weights are spoilt.
func ExampleNaNWatch() {
	root := ops.Elementwise{
		Name:  "Root",
		F:     func(x float64) float64 { return math.Sqrt(math.Max(x, 0)) },
		Slope: func(_, y float64) float64 { return 0.5 / y }, // infinite at 0
	}
	model := nn.Sequential{nn.Dense{Units: 4, Activation: root.Apply}, nn.Dense{Units: 2}}
	params, _ := nn.NewParams(tensor.Float32, 1)
	_, err := train.Fit(context.Background(), model, params, rings(400, 1), train.Config{
		Loss: graphs.CrossEntropy, Batch: 32, Callbacks: []train.Callback{&train.NaNWatch{}},
	})
	text, _, _ := strings.Cut(err.Error(), " has ")
	fmt.Println(text)
	fmt.Println("diverged:", errors.Is(err, train.ErrDiverged))
	// Output:
	// train: epoch 1, step 1: NaNWatch: the gradient of parameter "dense1.bias" of layer "dense1"
	// diverged: true
}
