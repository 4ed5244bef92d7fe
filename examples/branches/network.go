package main

import (
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// flower has a branch for the sepals and one for the species. Their sum is what two heads share.
type flower struct{ Units int }

// Forward adds the network to the graph of the sepals. The first output is the length, and "wide" the second.
func (f flower) Forward(b *nn.Binder, sepals *G.Node) (*G.Node, error) {
	species, err := b.Input("species")
	if err != nil {
		return nil, err
	}
	left, err := b.Apply("sepals", nn.Dense{Units: f.Units}, sepals)
	if err != nil {
		return nil, err
	}
	right, err := b.Apply("species", nn.Embedding{Dim: f.Units}, species)
	if err != nil {
		return nil, err
	}
	sum, err := ops.Add(left, right)
	if err != nil {
		return nil, err
	}
	joint, err := b.Apply("joint", nn.Sequential{nn.Func(ops.SELU), nn.Dense{Units: f.Units, Activation: ops.SELU}, nn.AlphaDropout{Rate: 0.05}}, sum)
	if err != nil {
		return nil, err
	}
	wide, err := b.Apply("wide", nn.Dense{Units: 1}, joint)
	if err != nil {
		return nil, err
	}
	if err := b.Output("wide", wide); err != nil {
		return nil, err
	}
	return b.Apply("length", nn.Dense{Units: 1}, joint)
}

// newNetwork returns the network for the inputs of a data set. The loss of the length counts twice.
func newNetwork(set *datasets.Set) (*graphs.Network, error) {
	return graphs.New(flower{Units: 16}, set.Inputs(), graphs.MSE, graphs.Seed(1), graphs.OutputName("length"), graphs.OutputWeight(2),
		graphs.WithOutput(graphs.Output{Name: "wide", Loss: graphs.BCE}))
}

// init registers the network, so that files can hold it.
func init() {
	if err := graphs.Register("flower", flower{}); err != nil {
		panic(err)
	}
}
