package main

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops/opstest"
	"gorgonia.org/tensor"
)

func BenchmarkAsinh(b *testing.B) {
	opstest.Benchmark(b, opstest.Case{Op: asinh.Apply, Inputs: []opstest.Input{{Shape: tensor.Shape{128, 1024}}}})
}
