// Command customop takes an activation from its formula to a trained network: asinh is judged by its moment map, scaled so that it
// normalizes itself, and trained on 17,898 pulsar candidates that come with the program (HTRU2). customop_test.go checks its gradient.
//
//	go run ./examples/customop
package main

import (
	"context"
	"fmt"
	"log"
	"math"

	"github.com/selfnorm/selfnorm/datasets"
	_ "github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// asinh is log(x + sqrt(x^2 + 1)): linear near 0, and a logarithm of each sign far out.
var asinh = ops.Elementwise{
	Name:  "Asinh",
	F:     math.Asinh,
	Slope: func(x, y float64) float64 { return 1 / math.Hypot(1, x) },
}

func main() {
	fmt.Println("asinh:", must(theory.JudgeOp(&asinh, theory.Options{})))
	scaled, found, err := theory.NormalizeOp(&asinh, theory.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("scaled:", found)
	set := must(datasets.Open("htru2", datasets.Options{}))
	fmt.Printf("AUC on held-out candidates: asinh %.3f, scaled %.3f, SELU %.3f\n", auc(set, asinh.Apply), auc(set, scaled.Apply), auc(set, ops.SELU))
}

// auc trains a network of 16 layers with the activation and returns its area under the ROC curve on the test rows.
func auc(set *datasets.Set, activation nn.Activation) float64 {
	var layers nn.Sequential
	for range 16 {
		layers = append(layers, nn.Dense{Units: 32, Activation: activation})
	}
	net := must(graphs.New(append(layers, nn.Dense{Units: 1}), set.Inputs(), graphs.BCE, graphs.Seed(1)))
	fit, test := must(set.Subset(set.Rows(datasets.Train))), must(set.Subset(set.Rows(datasets.Test)))
	must(train.Fit(context.Background(), net, fit, train.Config{Epochs: 3, Optimizer: optim.Adam{Rate: 1e-3}}))
	return must(metric.MeanROCAUC.Compute(must(train.Evaluate(context.Background(), net, test))))
}

// must ends the program if there is an error.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
