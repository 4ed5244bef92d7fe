package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"text/tabwriter"
	"time"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// The cases of -tabm. Tests make them smaller.
var (
	tabmRows, tabmTimes              = 2048, 3
	tabmUnits, tabmBatch, tabmMember = []int{128, 512}, []int{8, 16, 32, 256}, []int{8}
)

// benchTabM prints how much longer k networks take one after the other than a TabM of k members, for the same epochs and rows of a step.
func benchTabM(ctx context.Context, o options, stdout, _ io.Writer) error {
	data, err := tabmData()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| units\t| rows of a step\t| members\t| networks, s\t| TabM, s\t| ratio\t| ratio of processor times\t|\n| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t|")
	for _, units := range tabmUnits {
		h := graphs.Hidden{Layers: 3, Units: units, Outputs: 3}
		for _, rows := range tabmBatch {
			for _, k := range tabmMember {
				alone, err := o.leastFit(ctx, graphs.SNN(h), data, rows)
				if err != nil {
					return err
				}
				together, err := o.leastFit(ctx, graphs.TabM{Hidden: h, Members: k, Mean: graphs.Softmax}, data, rows)
				if err != nil {
					return err
				}
				alone.wall, alone.cpu = alone.wall*float64(k), alone.cpu*float64(k)
				fmt.Fprintf(w, "| %d\t| %d\t| %d\t| %.3f\t| %.3f\t| %.2f\t| %.2f\t|\n", units, rows, k, alone.wall, together.wall, alone.wall/together.wall, alone.cpu/together.cpu)
			}
		}
	}
	return w.Flush()
}

// tabmData returns random rows of three classes.
func tabmData() (m train.Matrix, err error) {
	const columns = 30
	r := rand.New(rand.NewPCG(1, 1))
	x, y := make([]float32, tabmRows*columns), make([]float32, tabmRows)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range y {
		y[i] = float32(i % 3)
	}
	m.X, m.Y = tensor.New(tensor.WithShape(tabmRows, columns), tensor.WithBacking(x)), tensor.New(tensor.WithShape(tabmRows), tensor.WithBacking(y))
	return m, nil
}

// seconds are those of a training, and those of the processor in it.
type seconds struct{ wall, cpu float64 }

// leastFit returns the least seconds of two epochs.
func (o options) leastFit(ctx context.Context, layer nn.Layer, data train.Matrix, rows int) (least seconds, err error) {
	for k := range tabmTimes {
		net, err := graphs.New(layer, batch.Matrix(data.X.Shape()[1]), graphs.CrossEntropy)
		if err != nil {
			return least, err
		}
		began, beganCPU := time.Now(), processorTime()
		if _, err := train.Fit(ctx, net, data, train.Config{Epochs: 2, Batch: rows, Threads: o.threads, Optimizer: optim.Adam{}, Warn: func(string) {}}); err != nil {
			return least, err
		}
		now := seconds{time.Since(began).Seconds(), (processorTime() - beganCPU).Seconds()}
		if k == 0 {
			least = now
		}
		least = seconds{min(least.wall, now.wall), min(least.cpu, now.cpu)}
	}
	return least, nil
}
