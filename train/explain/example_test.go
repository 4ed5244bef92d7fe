package explain_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/explain"
	"gorgonia.org/tensor"
)

// A network computes 2a - b: a = 3 contributes 6, and b = 1 contributes -1.
func Example() {
	net, err := graphs.New(nn.Dense{Units: 1, NoBias: true}, graphs.Matrix(2), graphs.MSE)
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(net.Params.Get("weight").Value.Float32s(), []float32{2, -1})
	data := train.Matrix{X: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{3, 1}))}

	e, err := explain.New(explain.Options{}, net)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	x, err := e.Explain(context.Background(), data, 0, explain.Target{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f = %.3f + sum of %.3f\n", x.Value, x.Baseline, x.Inputs[0].Values)
	// Output:
	// 5.000 = 0.000 + sum of [6.000 -1.000]
}
