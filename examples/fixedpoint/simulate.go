package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// curves are the moments after 0, 1, ... layers: by the map, and in each real network.
type curves struct {
	network
	byMap []theory.Moments
	real  [][]theory.Moments
}

// compare iterates the map, runs real networks, and prints both at the last layer.
func compare(ctx context.Context, o options, w io.Writer) ([]curves, error) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nAfter %d layers, by the map and in %d networks of %d units on %d rows\n", o.layers, o.networks, o.units, o.rows)
	fmt.Fprintln(t, "network\tmean by the map\tin networks\tvariance by the map\tin networks")
	var all []curves
	for _, n := range networks {
		c := curves{network: n}
		var err error
		if c.byMap, err = n.layer().Iterate(o.start, o.layers); err != nil {
			return nil, errors.Wrap(err, n.name())
		}
		for i := range o.networks {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			path, err := simulate(n, o, o.seed+uint64(i))
			if err != nil {
				return nil, errors.Wrapf(err, "network of %s", n.name())
			}
			c.real = append(c.real, path)
		}
		all = append(all, c)
		low, high := c.last()
		at := c.byMap[o.layers]
		fmt.Fprintf(t, "%s\t%s\t%s to %s\t%s\t%s to %s\n", n.name(),
			number(at.Mean), number(low.Mean), number(high.Mean), number(at.Variance), number(low.Variance), number(high.Variance))
	}
	return all, t.Flush()
}

// last returns the least and the greatest moments of the networks' last layer.
func (c curves) last() (low, high theory.Moments) {
	low, high = theory.Moments{Mean: math.Inf(1), Variance: math.Inf(1)}, theory.Moments{Mean: math.Inf(-1)}
	for _, path := range c.real {
		m := path[len(path)-1]
		low.Mean, high.Mean = math.Min(low.Mean, m.Mean), math.Max(high.Mean, m.Mean)
		low.Variance, high.Variance = math.Min(low.Variance, m.Variance), math.Max(high.Variance, m.Variance)
	}
	return low, high
}

// simulate runs normal inputs through a new network and returns the moments of each layer's activations.
func simulate(n network, o options, seed uint64) ([]theory.Moments, error) {
	var model nn.Sequential
	for range o.layers {
		model = append(model, nn.Dense{Units: o.units, Activation: n.op, WeightInit: n.init})
	}
	return o.momentsOf(model, graphs.Config{Mode: graphs.Evaluate}, o.start, seed)
}

// momentsOf runs normal inputs with the moments of start through a new network, and returns those of each layer's activations.
func (o options) momentsOf(model nn.Layer, c graphs.Config, start theory.Moments, seed uint64) ([]theory.Moments, error) {
	params, err := nn.NewParams(tensor.Float32, seed)
	if err != nil {
		return nil, err
	}
	c.Batch, c.Inputs, c.Workers, c.Seed = o.rows, graphs.Matrix(o.units), kernel.Shared(), seed
	g, err := graphs.Build(model, params, c)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, 0))
	x := g.X.Value().Data().([]float32)
	for i := range x {
		x[i] = float32(start.Mean + math.Sqrt(start.Variance)*r.NormFloat64())
	}
	vm := G.NewTapeMachine(g.G)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	path := []theory.Moments{start}
	for _, probe := range g.Probes() {
		m, err := probe.Read()
		if err != nil {
			return nil, err
		}
		path = append(path, theory.Moments{Mean: m.Mean, Variance: m.Variance})
	}
	if len(path) != o.layers+1 {
		return nil, errors.Errorf("%d layers have moments, want %d", len(path)-1, o.layers)
	}
	return path, nil
}
