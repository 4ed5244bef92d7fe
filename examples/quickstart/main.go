// Command quickstart trains a self-normalizing network to tell malignant from benign breast tumours (569 real samples
// that come with the program) and prints how often it is right on new ones.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

func main() {
	accuracy, err := run(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
	fmt.Printf("right on %.1f %% of the test samples\n", 100*accuracy)
}

// run trains on the training rows and returns the accuracy on the test rows.
func run(ctx context.Context) (float64, error) {
	data, err := classics.BreastCancer()
	if err != nil {
		return 0, err
	}
	fit, err := data.Subset(data.Rows(datasets.Train))
	if err != nil {
		return 0, err
	}
	test, err := data.Subset(data.Rows(datasets.Test))
	if err != nil {
		return 0, err
	}
	model := graphs.SNN{Layers: 8, Units: 64, Outputs: data.Outputs(), Dropout: 0.05}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		return 0, err
	}
	fmt.Println(data.Notes)
	if _, err := train.Fit(ctx, model, params, fit, train.Config{
		Loss: graphs.CrossEntropy, Epochs: 30, Batch: 32, Optimizer: &train.Adam{Rate: 1e-3}, Schedule: train.Cosine,
	}); err != nil {
		return 0, err
	}
	result, err := train.NewPredictor(model, params, graphs.CrossEntropy, kernel.Shared()).Evaluate(ctx, test)
	if err != nil {
		return 0, err
	}
	return train.Accuracy.Of(result)
}
