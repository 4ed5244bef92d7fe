package logs_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
)

// The curves of a run as a table that grows while the run goes on.
func ExampleCSVLog() {
	dir, err := os.MkdirTemp("", "log")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "curves.csv")
	data := traintest.Spirals(400, 1)
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 3}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := train.Fit(context.Background(), net, data, train.Config{
		Epochs: 5, Batch: 32, Validation: traintest.Spirals(200, 2), Metric: metric.Accuracy, Callbacks: []train.Callback{&logs.CSVLog{Path: path}},
	}); err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	fmt.Println(rows[0])
	fmt.Println("epoch", rows[5][0], "ends with step", rows[5][1], err)
	// Output:
	// [epoch step seconds loss rate validation_loss validation_accuracy]
	// epoch 5 ends with step 65 <nil>
}
