package train_test

import (
	"context"
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// housing reads a matrix and the category "town". Its outputs are the price, which it returns, and "sold".
type housing struct{}

func (housing) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	town, err := b.Input("town")
	if err != nil {
		return nil, err
	}
	place, err := b.Apply("place", nn.Embedding{Dim: 8}, town)
	if err != nil {
		return nil, err
	}
	measures, err := b.Apply("measures", nn.Dense{Units: 8}, x)
	if err != nil {
		return nil, err
	}
	joint, err := ops.Add(place, measures)
	if err != nil {
		return nil, err
	}
	if joint, err = ops.SELU(joint); err != nil {
		return nil, err
	}
	sold, err := b.Apply("sold", nn.Dense{Units: 1}, joint)
	if err != nil {
		return nil, err
	}
	if err := b.Output("sold", sold); err != nil {
		return nil, err
	}
	return b.Apply("price", nn.Dense{Units: 1}, joint)
}

// A network with two inputs and two outputs: data give each by its name, losses are added with their weights, and metrics and predictions
// are those of an output.
func Example_severalInputsAndOutputs() {
	matrix := func(columns int, x ...float32) *tensor.Dense {
		return tensor.New(tensor.WithShape(len(x)/columns, columns), tensor.WithBacking(x))
	}
	d := train.Named{
		Features: []train.Feature{
			{Name: "measures", X: matrix(2, -1, 1, 1, 0, 0.5, -1, -0.5, 0, 1, 1, -1, -1)},
			{Name: "town", Categories: []int{0, 2, 1, 0, 1, 2}, Width: 3},
		},
		Targets: []train.Target{{Name: "price", Y: matrix(1, -1, 2, 1, -0.5, 1, 0)}, {Name: "sold", Y: matrix(1, 0, 1, 1, 0, 1, 0)}},
	}
	net, err := graphs.New(housing{}, d.Inputs(), graphs.MSE, graphs.OutputName("price"), graphs.OutputWeight(2),
		graphs.WithOutput(graphs.Output{Name: "sold", Loss: graphs.BCE}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = train.Fit(context.Background(), net, d, train.Config{
		Epochs: 200, Optimizer: optim.Adam{Rate: 0.02}, Validation: d, Metric: metric.RMSE.For("price"), Metrics: []metric.Metric{metric.Accuracy.For("sold")},
	})
	if err != nil {
		log.Fatal(err)
	}
	result, err := train.Evaluate(context.Background(), net, d)
	if err != nil {
		log.Fatal(err)
	}
	price, sold := result.Output("price"), result.Output("sold")
	fmt.Printf("the loss is that of the prices twice and that of the sales once: %t\n", result.Loss == 2*price.Loss+sold.Loss)
	predictions, err := train.Predict(context.Background(), net, d)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the second house costs %.1f, and is sold with probability %.1f\n", predictions.Output("price").Row(1)[0], predictions.Output("sold").Row(1)[0])
	// Output:
	// the loss is that of the prices twice and that of the sales once: true
	// the second house costs 2.0, and is sold with probability 1.0
}
