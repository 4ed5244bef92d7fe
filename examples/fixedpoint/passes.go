package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pass runs rows of a data set through a network as it predicts, without dropout. It reads the weights that the network has when run is called.
type pass struct {
	graph *graphs.Graph
	vm    G.VM
}

// newPass builds the graph and fills in the rows.
func newPass(net *graphs.Network, set *datasets.Set, rows []int) (*pass, error) {
	c := net.Config(graphs.Evaluate, len(rows)).Unlabelled()
	c.Workers = kernel.Shared()
	g, err := net.Build(c)
	if err != nil {
		return nil, err
	}
	x, ok := g.X.Value().(*tensor.Dense)
	if !ok {
		return nil, errors.Errorf("the inputs are %v, want a matrix", g.X.Shape())
	}
	if err := set.Gather(rows, batch.Of(x, nil, nil)); err != nil {
		return nil, err
	}
	return &pass{g, G.NewTapeMachine(g.G)}, nil
}

// run runs the network.
func (p *pass) run() error {
	p.vm.Reset()
	return p.vm.RunAll()
}

func (p *pass) close() { p.vm.Close() }
