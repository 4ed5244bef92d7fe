package predict_test

import (
	"fmt"
	"testing"

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
		p, err := predict.New(net, kernel.Shared())
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
