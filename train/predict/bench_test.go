package predict_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/predict"
)

// BenchmarkRows predicts few and many rows with networks of 12 outputs.
func BenchmarkRows(b *testing.B) {
	for _, size := range []struct{ layers, units int }{{4, 64}, {8, 256}, {8, 1024}} {
		net, err := graphs.New(graphs.SNN{Layers: size.layers, Units: size.units, Outputs: 12}, graphs.Matrix(size.units), graphs.BCE, graphs.Seed(1))
		if err != nil {
			b.Fatal(err)
		}
		p, err := predict.New(net, kernel.Shared(), predict.Snapshot)
		if err != nil {
			b.Fatal(err)
		}
		defer p.Close()
		for _, rows := range []int{1, 2, 4, 8, 16, 32, 64, 128, 1024} {
			x := make([]float32, rows*size.units)
			for i := range x {
				x[i] = float32(i*7919%1000)/500 - 1
			}
			b.Run(fmt.Sprintf("%dx%d/rows=%d", size.layers, size.units, rows), func(b *testing.B) {
				out := make([]float64, 0, rows*12)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Rows(b.Context(), out, x, rows); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkBursts is a service with little to do: 20 calls, then none for 10 milliseconds, in which all threads park. It reports the median and the 90th
// percentile of a call.
func BenchmarkBursts(b *testing.B) {
	const calls = 20
	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 64, Outputs: 12}, graphs.Matrix(64), graphs.BCE, graphs.Seed(1))
	if err != nil {
		b.Fatal(err)
	}
	p, err := predict.New(net, kernel.Shared(), predict.Snapshot)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for _, rows := range []int{128, 1024} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			x, out := make([]float32, rows*64), make([]float64, 0, rows*12)
			var all []float64
			for b.Loop() {
				time.Sleep(10 * time.Millisecond)
				for range calls {
					begin := time.Now()
					if _, err := p.Rows(b.Context(), out, x, rows); err != nil {
						b.Fatal(err)
					}
					all = append(all, float64(time.Since(begin).Microseconds()))
				}
			}
			slices.Sort(all)
			b.ReportMetric(all[len(all)/2], "µs/call")
			b.ReportMetric(all[len(all)*9/10], "µs/call-p90")
		})
	}
}
