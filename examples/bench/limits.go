package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Sizes of -limits: bytes to copy, weights to read and to update, units of a layer of the step.
var (
	copiedBytes  = 256 << 20
	limitWeights = 8 << 20
	limitUnits   = 1024
)

// limitRow is a line of the table of limits; its values are for one thread and for all.
type limitRow struct {
	name, format string
	values       []float64
}

// benchLimits prints what the machine can do, and how much of it a step of 128 x 1024 uses.
func benchLimits(ctx context.Context, o options, stdout, stderr io.Writer) error {
	peer, err := startOpenBLAS(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "bench: without OpenBLAS: %v\n", err)
	} else {
		defer peer.close()
	}
	rows := []limitRow{
		{name: "product in the cache, 192 x 256 x 256, GFLOP/s", format: "%.0f"},
		{name: fmt.Sprintf("copy of %d MB, GB/s read and written", copiedBytes>>20), format: "%.1f"},
		{name: fmt.Sprintf("reading of %.1f million weights, 4 bytes each, µs", 1e-6*float64(limitWeights)), format: "%.0f"},
		{name: fmt.Sprintf("Adam of %.1f million weights, GB/s at 28 bytes a weight", 1e-6*float64(limitWeights)), format: "%.1f"},
		{name: fmt.Sprintf("step of 128 x %d, ms", limitUnits), format: "%.1f"},
		{name: "its products alone, ms", format: "%.1f"},
		{name: "its products alone in OpenBLAS, ms", format: "%.1f"},
		{name: "step / products in OpenBLAS", format: "%.2f"},
	}
	counts := slices.Compact([]int{1, o.threads})
	for _, threads := range counts {
		c := request{
			Net: "snn", Optimizer: "adam", Batch: 128, Inputs: limitUnits, Units: limitUnits, Layers: 8, Outputs: 12, Dropout: 0.05,
			Threads: threads, Warmup: 5, Steps: o.steps,
		}
		values := make([][]float64, len(rows))
		for range o.pairs {
			now, err := c.limits(ctx, peer)
			if err != nil {
				return err
			}
			for i, v := range now {
				values[i] = append(values[i], v)
			}
		}
		for i := range rows {
			rows[i].values = append(rows[i].values, median(values[i]))
		}
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprint(w, "| limit")
	for _, threads := range counts {
		fmt.Fprintf(w, "\t| %d threads", threads)
	}
	fmt.Fprintf(w, "\t|\n| ---%s\t|\n", strings.Repeat("\t| ---", len(counts)))
	for _, r := range rows {
		fmt.Fprintf(w, "| %s", r.name)
		for _, v := range r.values {
			if math.IsNaN(v) {
				fmt.Fprint(w, "\t| -")
			} else {
				fmt.Fprintf(w, "\t| "+r.format, v)
			}
		}
		fmt.Fprintln(w, "\t|")
	}
	fmt.Fprintf(w, "\n%s kernels, medians of %d runs.\n", kernel.CPU(), o.pairs)
	return w.Flush()
}

// limits measures the rows of the table once.
func (c request) limits(ctx context.Context, peer *openBLAS) ([]float64, error) {
	settle()
	workers := kernel.NewWorkers(c.Threads)
	defer workers.Close()
	cached := product{0, 0, 192, 256, 256}
	values := []float64{cached.gflops(cached.run(workers)), copySpeed(c.Threads), 1e6 * readSeconds(workers, 4*limitWeights), adamSpeed(workers, limitWeights)}
	step, err := c.run(ctx)
	if err != nil {
		return nil, err
	}
	ours, theirs := 0.0, 0.0
	for _, p := range c.products() {
		ours += p.run(workers)
		if peer == nil {
			theirs = math.NaN()
			continue
		}
		settle()
		seconds, err := peer.run(p.product, c.Threads)
		if err != nil {
			return nil, err
		}
		theirs += seconds * float64(p.times)
	}
	return append(values, 1e3*step, 1e3*ours, 1e3*theirs, step/theirs), nil
}

// repeated is a product that a step makes several times, with other weights each time.
type repeated struct {
	product
	times int
}

func (r repeated) run(w *kernel.Workers) float64 { return r.product.run(w) * float64(r.times) }

// products returns the products of a step of a network with as many inputs as units.
func (c request) products() []repeated {
	b, u, o := c.Batch, c.Units, c.Outputs
	return []repeated{
		{product{0, 0, b, u, u}, c.Layers}, {product{0, 1, b, u, u}, c.Layers - 1}, {product{1, 0, u, u, b}, c.Layers},
		{product{0, 0, b, o, u}, 1}, {product{0, 1, b, u, o}, 1}, {product{1, 0, u, o, b}, 1},
	}
}

// copySpeed returns the GB/s at which several threads read and write memory.
func copySpeed(threads int) float64 {
	size := copiedBytes
	from, to := make([]byte, size), make([]byte, size)
	best := math.Inf(1)
	for range 5 { // the first makes the system provide the pages
		begin := time.Now()
		var wait sync.WaitGroup
		for i := range threads {
			wait.Go(func() { copy(to[i*size/threads:(i+1)*size/threads], from[i*size/threads:]) })
		}
		wait.Wait()
		best = min(best, time.Since(begin).Seconds())
	}
	return 2 * float64(size) / best * 1e-9
}

// readSeconds returns the least seconds in which the threads of a pool read bytes of memory once, by a search for what is not there.
func readSeconds(w *kernel.Workers, size int) float64 {
	all, parts := make([]byte, size), w.Threads()
	for i := range all {
		all[i] = 1
	}
	best := math.Inf(1)
	for range 50 {
		begin := time.Now()
		w.Run(parts, func(i int) {
			if bytes.IndexByte(all[i*size/parts:(i+1)*size/parts], 0) >= 0 {
				panic("bench: a byte that is not there was found")
			}
		})
		best = min(best, time.Since(begin).Seconds())
	}
	return best
}

// adamSpeed returns the GB/s of an update of many weights: three arrays are read and written and one is read.
func adamSpeed(w *kernel.Workers, weights int) float64 {
	var arrays [4][]float32
	for i := range arrays {
		arrays[i] = make([]float32, weights)
	}
	a := kernel.Adam{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, T: 1}
	best := math.Inf(1)
	for range 5 {
		begin := time.Now()
		kernel.AdamStep(a, w, arrays[0], arrays[1], arrays[2], arrays[3])
		best = min(best, time.Since(begin).Seconds())
	}
	return 28 * float64(weights) / best * 1e-9
}
