package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/predict"
	"golang.org/x/sync/errgroup"
)

// goroutines is how many goroutines share a predictor, and largest the most rows of their requests.
const goroutines, largest = 64, 1000

// services are the networks that goroutines share, and the requests of each goroutine.
var services = []struct{ layers, units, requests int }{{4, 64, 10000}, {8, 256, 500}}

// benchService has goroutines share one predictor, with requests of 1 to 1,000 rows, and compares each answer with those to single rows, bit
// for bit. It measures the memory beyond weights, requests and results.
func benchService(ctx context.Context, o options, stdout, _ io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprint(w, "| network\t| requests\t| rows/s\t| weights, MB\t| memory beyond, MB\t|\n| ---\t| ---\t| ---\t| ---\t| ---\t|\n")
	for _, s := range services {
		name := fmt.Sprintf("%d x %d", s.layers, s.units)
		if !strings.Contains(name, o.only) {
			continue
		}
		if o.requests > 0 {
			s.requests = o.requests
		}
		if err := serve(ctx, o, name, s.layers, s.units, s.requests, w); err != nil {
			return errors.Wrap(err, name)
		}
	}
	fmt.Fprintf(w, "\n%d goroutines with requests of 1 to %d rows, %d threads; all answers had the bits of single rows.\n", goroutines, largest, o.threads)
	return w.Flush()
}

// serve measures one network and writes its line.
func serve(ctx context.Context, o options, name string, layers, units, requests int, w io.Writer) error {
	net, err := graphs.New(graphs.SNN{Layers: layers, Units: units, Outputs: 12}, graphs.Matrix(units), graphs.BCE, graphs.Seed(1))
	if err != nil {
		return err
	}
	rows, err := newAnswers(ctx, net, units, 2*largest)
	if err != nil {
		return err
	}
	workers := kernel.NewWorkers(o.threads)
	defer workers.Close()
	p, err := predict.New(net, workers, predict.Snapshot)
	if err != nil {
		return err
	}
	defer p.Close()
	results := make([][]float64, goroutines)
	for i := range results {
		results[i] = make([]float64, 0, 12*largest)
	}
	runtime.GC()
	before, stop := inUse(), make(chan struct{})
	peak := watch(stop)
	begin := time.Now()
	var total atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for i := range results {
		group.Go(func() error { return rows.request(ctx, p, uint64(i), requests, results[i], &total) })
	}
	err = group.Wait()
	seconds := time.Since(begin).Seconds()
	close(stop)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| %s\t| %d\t| %.0f\t| %.1f\t| %.1f\t|\n", name, goroutines*requests, float64(total.Load())/seconds, 4e-6*float64(net.Size()), 1e-6*float64(<-peak-before))
	return nil
}

// answers are rows and their predictions one at a time.
type answers struct {
	units int
	x     []float32
	want  []float64
}

func newAnswers(ctx context.Context, net *graphs.Network, units, n int) (*answers, error) {
	p, err := predict.New(net, nil)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	a := &answers{units: units, x: make([]float32, n*units)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range a.x {
		a.x[i] = float32(r.NormFloat64())
	}
	for i := range n {
		if a.want, err = p.Rows(ctx, a.want, a.x[i*units:][:units], 1); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// request sends requests of random sizes and compares the answers.
func (a *answers) request(ctx context.Context, p *predict.Predictor, seed uint64, requests int, result []float64, total *atomic.Int64) error {
	r := rand.New(rand.NewPCG(seed, 3))
	for range requests {
		n := 1 + r.IntN(largest)
		first := r.IntN(len(a.x)/a.units - n + 1)
		got, err := p.Rows(ctx, result[:0], a.x[first*a.units:][:n*a.units], n)
		if err != nil {
			return err
		}
		if !slices.Equal(got, a.want[12*first:][:12*n]) {
			return errors.Errorf("goroutine %d: %d rows from row %d have other bits than single rows", seed, n, first)
		}
		total.Add(int64(n))
	}
	return nil
}

// inUse returns the bytes of memory that the Go runtime holds.
func inUse() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64()) - int64(s[1].Value.Uint64())
}

// watch returns the largest inUse until stop is closed.
func watch(stop <-chan struct{}) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		most := inUse()
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				peak <- max(most, inUse())
				return
			case <-tick.C:
				most = max(most, inUse())
			}
		}
	}()
	return peak
}
