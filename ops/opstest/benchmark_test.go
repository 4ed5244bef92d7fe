package opstest_test

import (
	"flag"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	"gorgonia.org/tensor"
)

func BenchmarkSELU(b *testing.B) {
	opstest.Benchmark(b, opstest.Case{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{128, 1024}}}})
}

// Benchmark runs each pass of each dtype.
func TestBenchmark(t *testing.T) {
	benchtime := flag.Lookup("test.benchtime").Value
	defer flag.Set("test.benchtime", benchtime.String())
	flag.Set("test.benchtime", "10x")
	r := testing.Benchmark(func(b *testing.B) {
		opstest.Benchmark(b, opstest.Case{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{2, 3}}}})
	})
	if r.N == 0 {
		t.Error("the benchmark failed")
	}
	for _, c := range []opstest.Case{{}, {Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{-1}}}}, slip(func(d *ops.Def) { d.Gradient = nil })} {
		if r := testing.Benchmark(func(b *testing.B) { opstest.Benchmark(b, c) }); r.N != 0 {
			t.Errorf("case %+v has been measured", c)
		}
	}
}
