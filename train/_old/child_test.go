package train_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// The test binary is the program to kill, too: with these variables it trains instead of testing.
const (
	childDir   = "SELFNORM_TEST_CHILD_DIR"   // folder for the checkpoints and the final weights
	childData  = "SELFNORM_TEST_CHILD_DATA"  // htru2, or spirals
	childLimit = "SELFNORM_TEST_CHILD_LIMIT" // step after which files can no longer grow beyond 1000 bytes
	childNone  = "SELFNORM_TEST_CHILD_NONE"  // any text: make no checkpoints
)

func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := child(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// command is a child that trains in a folder.
func command(t testing.TB, dir, data string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(append(os.Environ(), childDir+"="+dir, childData+"="+data), env...)
	return cmd
}

// childLogs is the folder for the logs of a child.
func childLogs(dir string) string { return filepath.Join(dir, "logs") }

// finalWeights is the path of the weights of a child that has finished.
func finalWeights(dir string) string { return filepath.Join(dir, "final.safetensors") }

// child trains from the last checkpoint of a folder, or from the beginning, with one checkpoint per step. It prints a line for
// each step, and then waits for a byte of input, unless the input has ended.
func child(dir string) error {
	c := train.Config{
		Epochs: 20, Batch: 16, Seed: 5, Loss: graphs.CrossEntropy, Optimizer: &train.Adam{Rate: 0.01}, Schedule: train.Cosine,
		Warn: func(string) {}, Resume: dir,
	}
	var data train.Data = spirals(240, 1)
	c.Validation = spirals(50, 2)
	if os.Getenv(childData) == "htru2" {
		set, err := htru2.Embedded()
		if err != nil {
			return err
		}
		folds, err := htru2.Folds(set, 1)
		if err != nil {
			return err
		}
		if set, err = htru2.Scaled(set, folds[0].Fit); err != nil {
			return err
		}
		if data, err = set.Subset(folds[0].Fit); err != nil {
			return err
		}
		if c.Validation, err = set.Subset(folds[0].Held); err != nil {
			return err
		}
		c.Epochs, c.Batch, c.Loss, c.Metric = 3, 100, graphs.BCE, train.MeanROCAUC
	}
	outputs := map[string]int{"htru2": 1, "spirals": 3}[os.Getenv(childData)]
	params, err := nn.NewParams(tensor.Float32, 4)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(childLogs(dir), 0o755); err != nil {
		return err
	}
	limit := os.Getenv(childLimit)
	c.Callbacks = append(logsIn(childLogs(dir)),
		&train.EarlyStopping{Window: 2, Lower: c.Metric.Lower},
		&train.Probes{},
		stepper(func(s *train.State) error {
			fmt.Println(s.Step)
			if _, err := os.Stdin.Read(make([]byte, 1)); err != nil && err != io.EOF {
				return err
			}
			if limit == fmt.Sprint(s.Step) {
				return limitFiles()
			}
			return nil
		}),
	)
	if os.Getenv(childNone) == "" {
		c.Callbacks = append(c.Callbacks, &train.Checkpoint{Dir: dir, EverySteps: 1, Keep: 2, Best: true})
	} else {
		c.Resume = ""
	}
	model := graphs.BatchNorm{Layers: 2, Units: 16, Outputs: outputs, Dropout: 0.1}
	if _, err := train.Fit(context.Background(), model, params, data, c); err != nil {
		return err
	}
	return train.SaveWeights(finalWeights(dir), params, nil)
}
