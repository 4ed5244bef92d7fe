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
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// The test binary is the program to kill, too: with these variables it trains instead of testing.
const (
	childDir   = "SELFNORM_TEST_CHILD_DIR"   // folder for the checkpoints and the final weights
	childData  = "SELFNORM_TEST_CHILD_DATA"  // htru2, spirals, or houses: several inputs and outputs
	childLimit = "SELFNORM_TEST_CHILD_LIMIT" // step after which files can no longer grow beyond 1000 bytes
	childNone  = "SELFNORM_TEST_CHILD_NONE"  // any text: make no checkpoints
	childAll   = "SELFNORM_TEST_CHILD_ALL"   // any text: with accumulation, average, frozen layer, class weights, plateau
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
		Epochs: 20, Batch: 16, Seed: 5, Optimizer: optim.AdamW{Rate: 0.01}, Schedule: optim.Cosine{}, Warn: func(string) {}, Validation: spirals(50, 2),
		Metric: metric.Accuracy, Metrics: []metric.Metric{metric.LogLoss},
	}
	var d train.Data = spirals(240, 1)
	loss, inputs, outputs, watched := graphs.CrossEntropy, 2, 3, metric.LogLoss.Name
	if os.Getenv(childData) == "htru2" {
		fit, held, err := htru2Rows()
		if err != nil {
			return err
		}
		d, c.Validation = fit, held
		c.Epochs, c.Batch, c.Metric, c.Metrics = 3, 200, metric.MeanROCAUC, nil
		loss, inputs, outputs, watched = graphs.BCE, 8, 1, ""
	}
	if os.Getenv(childData) == "houses" {
		d, c.Validation = houses(240, 1), houses(50, 2)
		c.Optimizer = optim.Adam{Rate: 0.01} // which updates the rows of the embedding that occur
		c.Metric, c.Metrics, watched = metric.RMSE.For("price"), []metric.Metric{metric.LogLoss}, "price RMSE"
	}
	if os.Getenv(childAll) != "" { // and a step of 2 batches, of which the last of an epoch has one
		c.Accumulate, c.Average, c.Balanced, c.Batch = 2, 0.9, true, 9
		c.Groups = []optim.Group{{Match: []string{"hidden1.*"}, Frozen: true}, {Match: []string{"*.bias"}, NoDecay: true}}
		c.Callbacks = []train.Callback{&callback.ReduceOnPlateau{Metric: watched, Factor: 0.5, Patience: new(1)}}
	}
	if err := os.MkdirAll(childLogs(dir), 0o755); err != nil {
		return err
	}
	limit := os.Getenv(childLimit)
	c.Callbacks = append(c.Callbacks,
		&logs.CSVLog{Path: filepath.Join(childLogs(dir), "log.csv")}, &logs.JSONLog{Path: filepath.Join(childLogs(dir), "log.jsonl")},
		&callback.EarlyStopping{Metric: watched, Window: 2},
		&callback.Probes{},
		atStep(func(s *train.State) error {
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
		c.Checkpoint = &train.Checkpoint{Dir: dir, EverySteps: 1, Keep: 2, Best: true, Resume: true}
	}
	var layer nn.Layer = graphs.BatchNorm{Layers: 2, Units: 16, Outputs: outputs, Dropout: 0.1}
	options, read := []graphs.Option{graphs.Seed(4)}, graphs.Matrix(inputs)
	if os.Getenv(childData) == "houses" {
		layer, read = traintest.Branches{Units: 16, Kinds: 3, Dropout: 0.1}, d.Inputs()
		options = append(options, graphs.OutputName("kind"), graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE, Weight: 2}))
	}
	net, err := graphs.New(layer, read, loss, options...)
	if err != nil {
		return err
	}
	if _, err := train.Fit(context.Background(), net, d, c); err != nil {
		return err
	}
	return net.Save(finalWeights(dir))
}

// htru2Rows returns scaled rows to fit on and to hold out.
func htru2Rows() (fit, held train.Data, err error) {
	set, err := htru2.Embedded()
	if err != nil {
		return nil, nil, err
	}
	folds, err := htru2.Folds(set, 1)
	if err != nil {
		return nil, nil, err
	}
	if set, err = htru2.Scaled(set, folds[0].Fit); err != nil {
		return nil, nil, err
	}
	if fit, err = train.Subset(set, folds[0].Fit); err != nil {
		return nil, nil, err
	}
	held, err = train.Subset(set, folds[0].Held)
	return fit, held, err
}
