package opstest_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	"gorgonia.org/tensor"
)

// One call tests your own activation.
func ExampleCheck() {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
	}
	testSoftsign := func(t *testing.T) { opstest.Check(t, opstest.Case{Op: softsign.Apply}) }
	_ = testSoftsign // in a file of tests: func TestSoftsign(t *testing.T) { ... }
}

// printer is a test that prints what is wrong, without the examples behind it.
type printer struct{ testing.TB }

func (printer) Helper() {}
func (printer) Errorf(format string, args ...any) {
	what, _, _ := strings.Cut(fmt.Sprintf(format, args...), " (")
	fmt.Println(what)
}

// The first line of a failure names the fault. Here the slope has a slip in its third digit, and then forgets that y may be negative.
func ExampleCheck_failure() {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return 1.001 * d * d },
	}
	opstest.Check(printer{}, opstest.Case{Op: softsign.Apply})

	softsign.Slope = func(x, y float64) float64 { return (1 - y) * (1 - y) }
	opstest.Check(printer{}, opstest.Case{Op: softsign.Apply})
	// Output:
	// Softsign: the slope is too large by 0.1 % at all points
	// Softsign: the slope is right for x > 0 only
}

// The benchmark of an op: in a file of tests, func BenchmarkSELU(b *testing.B) { ... }.
func ExampleBenchmark() {
	benchmarkSELU := func(b *testing.B) {
		opstest.Benchmark(b, opstest.Case{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{128, 1024}}}})
	}
	_ = benchmarkSELU
}
