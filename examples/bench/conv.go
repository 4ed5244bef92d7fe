package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

//go:embed peers/conv.py
var convScript string

// convolution is a convolution to measure, or the network of examples/cnn if it has no filters, as peers/conv.py reads it.
type convolution struct {
	Batch    int `json:"batch"`
	Channels int `json:"channels"`
	Height   int `json:"height"` // and width
	Filters  int `json:"filters"`
	Size     int `json:"size"`
	Stride   int `json:"stride"`
	Padding  int `json:"padding"`
	Threads  int `json:"threads"`
	Warmup   int `json:"warmup"`
	Steps    int `json:"steps"`
}

func (c convolution) String() string {
	if c.Filters == 0 {
		return fmt.Sprintf("step of examples/cnn, batch of %d", c.Batch)
	}
	name := fmt.Sprintf("%d x %d, %d x %d x %d x %d -> %d", c.Size, c.Size, c.Batch, c.Channels, c.Height, c.Height, c.Filters)
	if c.Stride > 1 {
		name += fmt.Sprintf(", stride %d", c.Stride)
	}
	return name
}

// convolutions are the cases: the first is the one to quote.
func convolutions(o options) []convolution {
	list := []convolution{
		{Batch: 128, Channels: 16, Height: 28, Filters: 32, Size: 3, Stride: 1, Padding: 1},
		{Batch: 128, Channels: 32, Height: 26, Filters: 64, Size: 3, Stride: 1},
		{Batch: 32, Channels: 128, Height: 14, Filters: 128, Size: 3, Stride: 1, Padding: 1},
		{Batch: 128, Channels: 1, Height: 28, Filters: 32, Size: 3, Stride: 1},
		{Batch: 16, Channels: 16, Height: 14, Filters: 32, Size: 5, Stride: 1, Padding: 2},
		{Batch: 64, Channels: 64, Height: 28, Filters: 64, Size: 1, Stride: 1},
		{Batch: 64, Channels: 32, Height: 28, Filters: 64, Size: 3, Stride: 2, Padding: 1},
		{Batch: 128},
	}
	for i := range list {
		list[i].Threads, list[i].Warmup, list[i].Steps = o.threads, 3, o.steps
	}
	return list
}

// benchConv measures forward and backward pass of convolutions, and a step of a network.
func benchConv(ctx context.Context, o options, stdout, stderr io.Writer) error {
	peer, err := startPeer(ctx, o.python, convScript)
	name := "PyTorch"
	if err != nil {
		fmt.Fprintf(stderr, "bench: without PyTorch: %v\n", err)
	} else {
		defer peer.close()
		name += " " + peer.version
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| forward and backward\t| Selfnorm (%s)\t| %s\t| ratio\t| least\t| least of PyTorch\t| ratio\t|\n"+
		"| ---\t| ---\t| ---\t| ---\t| ---\t| ---\t| ---\t|\n", kernel.CPU(), name)
	for _, c := range convolutions(o) {
		if !strings.Contains(c.String(), o.only) {
			continue
		}
		if err := c.compare(ctx, o, peer, w); err != nil {
			return errors.Wrap(err, c.String())
		}
	}
	fmt.Fprintf(w, "\n%d threads, medians and least times of %d pairs of %d steps; a ratio above 1 means that Selfnorm is faster.\n", o.threads, o.pairs, o.steps)
	return w.Flush()
}

// compare measures both sides in turn and prints a row of the table.
func (c convolution) compare(ctx context.Context, o options, peer *peer, w io.Writer) error {
	var ours, theirs, ratios, least, leastTheirs []float64
	for range o.pairs {
		settle()
		times, err := c.run(ctx)
		if err != nil {
			return err
		}
		times = times[c.Warmup:]
		ours, least = append(ours, median(times)), append(least, slices.Min(times))
		if peer == nil {
			continue
		}
		t, err := peer.ask(c)
		if err != nil {
			return err
		}
		theirs, leastTheirs = append(theirs, t.Seconds), append(leastTheirs, t.Least)
		ratios = append(ratios, t.Seconds/median(times))
	}
	ms := func(seconds float64) string { return fmt.Sprintf("%.3g ms", 1e3*seconds) }
	if peer == nil {
		fmt.Fprintf(w, "| %v\t| %s\t| -\t| -\t| %s\t| -\t| -\t|\n", c, ms(median(ours)), ms(slices.Min(least)))
		return nil
	}
	a, b := slices.Min(least), slices.Min(leastTheirs)
	fmt.Fprintf(w, "| %v\t| %s\t| %s\t| %.2f\t| %s\t| %s\t| %.2f\t|\n", c, ms(median(ours)), ms(median(theirs)), median(ratios), ms(a), ms(b), b/a)
	return nil
}

// run returns the times of our side, in seconds.
func (c convolution) run(ctx context.Context) ([]float64, error) {
	if c.Filters == 0 {
		return c.network(ctx)
	}
	workers := kernel.NewWorkers(c.Threads)
	defer workers.Close()
	m, err := c.machine(workers)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	var times []float64
	for range c.Warmup + c.Steps {
		begin := time.Now()
		if err := m.RunAll(); err != nil {
			return nil, err
		}
		times = append(times, time.Since(begin).Seconds())
		m.Reset()
	}
	return times, nil
}

// machine returns a machine for forward and backward pass, with the gradients of images, weights and bias.
func (c convolution) machine(workers *kernel.Workers) (G.VM, error) {
	g := G.NewGraph()
	random := func(name string, shape ...int) *G.Node {
		value := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(normals(tensor.Shape(shape).TotalSize())))
		return G.NewTensor(g, tensor.Float32, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(value))
	}
	x, weights := random("x", c.Batch, c.Channels, c.Height, c.Height), random("w", c.Filters, c.Channels, c.Size, c.Size)
	bias := random("b", c.Filters)
	y, err := ops.Conv2D(x, weights, bias, ops.Conv2DOptions{Stride: c.Stride, Padding: c.Padding})
	if err != nil {
		return nil, err
	}
	if _, err := G.Backpropagate(G.Nodes{y}, G.Nodes{random("g", y.Shape()...)}, G.Nodes{x, weights, bias}); err != nil {
		return nil, err
	}
	ops.UseWorkers(g, workers)
	return G.NewTapeMachine(g), nil
}

// network measures steps of the network of examples/cnn with Adam.
func (c convolution) network(ctx context.Context) ([]float64, error) {
	layers := nn.Sequential{
		nn.Conv2D{Filters: 32, Size: 3, Activation: ops.SELU}, nn.Conv2D{Filters: 64, Size: 3, Activation: ops.SELU},
		nn.MaxPool2D{Size: 2}, nn.AlphaDropout{Rate: 0.25}, nn.Flatten{},
		nn.Dense{Units: 512, Activation: ops.SELU}, nn.AlphaDropout{Rate: 0.5}, nn.Dense{Units: 10},
	}
	net, err := graphs.New(layers, []batch.Input{{Name: batch.X, Kind: batch.Image, Width: 28 * 28, Shape: []int{1, 28, 28}}}, graphs.CrossEntropy)
	if err != nil {
		return nil, err
	}
	y, r := make([]float32, c.Batch), rand.New(rand.NewPCG(1, 1))
	for i := range y {
		y[i] = float32(r.IntN(10))
	}
	data := train.Matrix{
		X: tensor.New(tensor.WithShape(c.Batch, 1, 28, 28), tensor.WithBacking(normals(c.Batch*28*28))),
		Y: tensor.New(tensor.WithShape(c.Batch), tensor.WithBacking(y)),
	}
	clock := &stopwatch{last: time.Now()}
	_, err = train.Fit(ctx, net, data, train.Config{
		Epochs: c.Warmup + c.Steps, Batch: c.Batch, Optimizer: optim.Adam{Rate: 1e-4}, Threads: c.Threads, Callbacks: []train.Callback{clock},
		Warn: func(string) {},
	})
	return clock.steps, err
}

// normals returns standard normal numbers.
func normals(n int) []float32 {
	r, x := rand.New(rand.NewPCG(1, 1)), make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}
