package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
)

// growthCases vary the width, the depth and the batch of one network, one at a time.
func growthCases(o options) []request {
	base := request{
		Net: "snn", Optimizer: "adam", Batch: 128, Inputs: 256, Units: 256, Layers: 8, Outputs: 12, Dropout: 0.05,
		Threads: o.threads, Warmup: 5, Steps: o.steps,
	}
	var list []request
	add := func(c request) {
		c.Name = fmt.Sprintf("%d | %d | %d", c.Units, c.Layers, c.Batch)
		list = append(list, c)
	}
	for _, units := range []int{64, 128, 256, 512, 1024, 2048} {
		c := base
		c.Inputs, c.Units = units, units
		add(c)
	}
	for _, layers := range []int{2, 4, 16, 32} {
		c := base
		c.Layers = layers
		add(c)
	}
	for _, batch := range []int{16, 32, 64, 256, 512} {
		c := base
		c.Batch = batch
		add(c)
	}
	return list
}

// multiplications returns how many a step makes: each weight takes part in three products, but the gradient of the
// input is not needed.
func (c request) multiplications() float64 {
	first, hidden, last := c.Inputs*c.Units, (c.Layers-1)*c.Units*c.Units, c.Units*c.Outputs
	return float64(c.Batch) * float64(2*first+3*hidden+3*last)
}

// benchGrowth prints how the time of a step grows with the size of the network.
func benchGrowth(ctx context.Context, o options, stdout, _ io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| units | hidden layers | batch\t| step\t| GFLOP/s\t|\n| --- | --- | ---\t| ---\t| ---\t|")
	for _, c := range growthCases(o) {
		if !strings.Contains(c.Name, o.only) {
			continue
		}
		times, _, err := c.measure(ctx, o, nil)
		if err != nil {
			return errors.Wrap(err, c.Name)
		}
		seconds := median(times)
		fmt.Fprintf(w, "| %s\t| %s\t| %.0f\t|\n", c.Name, c.format(seconds), 2*c.multiplications()/seconds/1e9)
	}
	fmt.Fprintf(w, "\n%d threads, medians of %d runs of %d steps.\n", o.threads, o.pairs, o.steps)
	return w.Flush()
}

// benchScaling prints how much faster a step is on all threads than on one, in pairs in turn.
func benchScaling(ctx context.Context, o options, stdout, _ io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| units\t| 1 thread\t| %d threads\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t|\n", o.threads)
	for _, units := range []int{256, 1024} {
		c := request{
			Net: "snn", Optimizer: "adam", Batch: 128, Inputs: units, Units: units, Layers: 8, Outputs: 12, Dropout: 0.05,
			Warmup: 5, Steps: o.steps,
		}
		var one, all, ratios []float64
		for range o.pairs {
			var times [2]float64
			for i, threads := range []int{1, o.threads} {
				c.Threads = threads
				settle()
				var err error
				if times[i], err = c.run(ctx); err != nil {
					return err
				}
			}
			one, all, ratios = append(one, times[0]), append(all, times[1]), append(ratios, times[0]/times[1])
		}
		fmt.Fprintf(w, "| %d\t| %s\t| %s\t| %.2f\t|\n", units, c.format(median(one)), c.format(median(all)), median(ratios))
	}
	fmt.Fprintf(w, "\nSNN, 8 hidden layers, batch 128, Adam; medians of %d pairs of %d steps.\n", o.pairs, o.steps)
	return w.Flush()
}
