package train_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
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

func ExampleFit() {
	data := rings(400, 1)
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	history, err := train.Fit(context.Background(), net, data, train.Config{
		Epochs: 20, Batch: 32, Seed: 1, Validation: rings(200, 2), Metric: metric.Accuracy,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(history.Epochs), "epochs; right more than 95 % of the time:", history.Last().ValidationMetric > 0.95)

	predictions, err := train.Predict(context.Background(), net, train.Matrix{
		X: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{0.5, 0})),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("inner ring:", predictions.Row(0)[0] > 0.9)
	// Output:
	// 20 epochs; right more than 95 % of the time: true
	// inner ring: true
}

func ExampleFitEnsemble() {
	data, rows := rings(300, 1), make([]int, 300)
	for i := range rows {
		rows[i] = i
	}
	folds, err := datasets.KFold(rows, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	ensemble, err := train.FitEnsemble(context.Background(), data, train.EnsembleConfig{
		Folds: folds,
		Network: func(k int) (*graphs.Network, error) {
			return graphs.New(graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(uint64(k)))
		},
		Config: func(k int) (train.Config, error) { return train.Config{Epochs: 20, Batch: 32, Seed: uint64(k)}, nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	accuracy, err := metric.Accuracy.Compute(ensemble.OutOfFold)
	fmt.Printf("%d networks; out of fold more than 95 %% of %d rows are right: %v\n", len(ensemble.Ensemble), ensemble.OutOfFold.Rows, accuracy > 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := ensemble.Evaluate(context.Background(), rings(200, 2), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	accuracy, err = metric.Accuracy.Compute(result)
	fmt.Printf("and more than 95 %% of new rows: %v %v\n", accuracy > 0.95, err)
	// Output:
	// 3 networks; out of fold more than 95 % of 300 rows are right: true
	// and more than 95 % of new rows: true <nil>
}
