package train_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Review reads the words of a review, which are sparse, and its author.
type Review struct{ Units int }

// Forward adds the network to the graph of the words.
func (r Review) Forward(b *nn.Binder, words *G.Node) (*G.Node, error) {
	author, err := b.Input("author")
	if err != nil {
		return nil, err
	}
	text, err := b.Apply("text", nn.Dense{Units: r.Units}, words) // reads sparse rows
	if err != nil {
		return nil, err
	}
	taste, err := b.Apply("taste", nn.Embedding{Dim: r.Units}, author)
	if err != nil {
		return nil, err
	}
	y, err := ops.Add(text, taste)
	if err != nil {
		return nil, err
	}
	return b.Apply("stars", nn.Sequential{nn.Func(ops.SELU), nn.Dense{Units: 2}}, y)
}

// Four reviews with 100,000 possible words by two of 5,000 authors.
func Example_sparse() {
	words, start := []int{12, 90_000, 7, 12, 55, 90_000, 7}, []int{0, 2, 4, 6, 7}
	counts := []float32{1, 2, 1, 1, 3, 1, 1}
	data := train.Named{
		Features: []train.Feature{
			{Name: batch.X, Sparse: tensor.NewCSR(words, start, counts, tensor.WithShape(4, 100_000))},
			{Name: "author", Categories: []int{17, 4999, 17, 4999}, Width: 5000},
		},
		Targets: []train.Target{{Y: tensor.New(tensor.WithShape(4), tensor.WithBacking([]float32{1, 0, 1, 0}))}},
	}
	net, err := graphs.New(Review{Units: 8}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := train.Fit(context.Background(), net, data, train.Config{Epochs: 200, Batch: 4, Warn: func(string) {}}); err != nil {
		fmt.Println(err)
		return
	}
	predictions, err := train.Predict(context.Background(), net, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 4 {
		fmt.Printf("%.0f ", predictions.Row(i)[1])
	}
	// Output: 1 0 1 0
}
