package predict_test

import (
	"context"
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/predict"
)

// A service keeps one predictor of a trained network, which all of its goroutines use.
func ExampleNew() {
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 16, Outputs: 3}, graphs.Matrix(4), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	predictor, err := predict.New(net, kernel.Shared(), predict.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	defer predictor.Close()
	rows := []float32{0.1, -0.7, 1.2, 0.4, 1.5, 0.3, -0.2, -1.1} // two rows, scaled as for the training
	probabilities, err := predictor.Rows(context.Background(), nil, rows, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(probabilities), "probabilities")
	fmt.Printf("those of a row add up to %.3f\n", probabilities[0]+probabilities[1]+probabilities[2])
	// Output:
	// 6 probabilities
	// those of a row add up to 1.000
}
