package opstest_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
)

// One call tests your own activation.
func ExampleCheck() {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
	}
	testSoftsign := func(t *testing.T) { opstest.Check(t, opstest.Case{Op: softsign.Apply, Kinks: []float64{0}}) }
	_ = testSoftsign // in a file of tests: func TestSoftsign(t *testing.T) { ... }
}
