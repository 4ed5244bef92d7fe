package opstest

import (
	"math"
	"runtime/debug"
	"testing"

	"gorgonia.org/tensor"
)

// property is a guarantee that every op gives. check returns how many comparisons it made.
type property struct {
	name  string
	check func(r *report, c Case) (comparisons int)
}

var properties = []property{
	{"gradient equals central differences", checkGradient},
	{"symbolic and automatic differentiation agree", checkDoDiff},
	{"extreme inputs give finite results", checkExtremes},
	{"NaN stays NaN", checkNaN},
	{"inputs are not written to", checkInputs},
	{"a second run gives the same result", checkSecondRun},
	{"no allocation after the first run", checkAllocations},
	{"row order does not matter", checkRowOrder},
	{"different configurations have different hashes", checkHashes},
	{"wrong shapes are refused", checkShapes},
	{"mixed dtypes are refused", checkDtypes},
}

// Check checks every property of the op. It reports each one that does not hold and each one that could not be checked, and any panic of
// the op.
func Check(t testing.TB, c Case) {
	t.Helper()
	c, err := c.normalize()
	if err != nil {
		t.Fatalf("opstest: %v", err)
	}
	if _, err := c.program(tensor.Float64, c.values(), nil); err != nil {
		t.Fatalf("opstest: the op cannot be built: %v", err)
	}
	for _, p := range properties {
		r := &report{TB: t, property: p.name}
		if n := p.run(r, c); n == 0 && !r.failed {
			t.Errorf("opstest: %s: nothing was compared", p.name)
		}
	}
}

// run checks the property. A panic is a failure, such as one in Case.Build.
func (p property) run(r *report, c Case) (n int) {
	defer func() {
		if v := recover(); v != nil {
			r.errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return p.check(r, c)
}

// report names the property in each failure.
type report struct {
	testing.TB
	property string
	failed   bool
}

func (r *report) errorf(format string, args ...any) {
	r.Helper()
	r.failed = true
	r.Errorf("opstest: "+r.property+": "+format, args...)
}

// upstream is the gradient that flows into the op in the checks.
var upstream = []float64{0.7, -1.3, 0.4, 1.1, -0.6, 0.9, -0.2}

var dtypes = []tensor.Dtype{tensor.Float64, tensor.Float32}

// closeTo reports whether a and b agree to a relative tolerance, absolute below 1. NaN agrees with NaN.
func closeTo(a, b, tolerance float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) && math.IsNaN(b)
	}
	return a == b || math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}
