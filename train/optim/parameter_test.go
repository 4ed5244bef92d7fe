package optim_test

import (
	"fmt"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A program of Gorgonia's own ops beside ops.Embedding updates the rows that occur.
func ExampleParameter() {
	g := G.NewGraph()
	table := G.NewMatrix(g, tensor.Float64, G.WithName("table"), G.WithShape(1000, 2),
		G.WithValue(tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(1000, 2))))
	words := G.NewVector(g, tensor.Float64, G.WithName("words"), G.WithShape(3),
		G.WithValue(tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{7, 2, 7}))))
	vectors, err := ops.Embedding(table, words)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss := G.Must(G.Sum(vectors))
	grads, err := G.Grad(loss, table)
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := G.NewTapeMachine(g)
	defer machine.Close()
	optimizer, err := optim.New(optim.SGD{Rate: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	model := []G.ValueGrad{optim.Parameter(table, grads[0])}
	if err := machine.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	if err := optimizer.Apply(model); err != nil {
		fmt.Println(err)
		return
	}
	rows, _ := ops.RowsOf(grads[0])
	weights := table.Value().Data().([]float64)
	fmt.Println("rows", rows, "vector of 7:", weights[14:16], "vector of 3:", weights[6:8])
	// Output: rows [7 2] vector of 7: [-1 -1] vector of 3: [0 0]
}

// A parameter without nodes, or without values, is an error of the step.
func TestParameterWithoutNodes(t *testing.T) {
	x := G.NewMatrix(G.NewGraph(), tensor.Float32, G.WithShape(2, 3), G.WithName("x"))
	for _, m := range []G.ValueGrad{optim.Parameter(nil, nil), optim.Parameter(x, nil), optim.Parameter(x, x)} {
		if err := newOptimizer(t, optim.SGD{}).Apply([]G.ValueGrad{m}); err == nil {
			t.Errorf("%+v: no error", m)
		}
	}
}
