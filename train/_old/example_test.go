package train_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
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
	model := graphs.SNN{Layers: 3, Units: 32, Outputs: 2}
	params, _ := nn.NewParams(tensor.Float32, 1)
	history, err := train.Fit(context.Background(), model, params, rings(400, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 20, Batch: 32, Seed: 1,
		Validation: rings(200, 2), Metric: train.Accuracy,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(history.Epochs), "epochs; right more than 95 % of the time:", history.Epochs[19].ValidationMetric > 0.95)

	predictions, err := train.Predict(context.Background(), model, params, train.Matrix{
		X: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{0.5, 0})),
	}, graphs.CrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("inner ring:", predictions.Row(0)[0] > 0.9)
	// Output:
	// 20 epochs; right more than 95 % of the time: true
	// inner ring: true
}

func ExampleROCAUC() {
	auc, err := train.ROCAUC([]float64{0.1, 0.4, 0.4, 0.8}, []float64{0, 0, 1, 1})
	fmt.Println(auc, err)
	// Output: 0.875 <nil>
}
