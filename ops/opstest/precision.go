package opstest

import (
	"math"

	"gorgonia.org/tensor"
)

// checkPrecision compares float32 with float64 on inputs that both hold exactly.
func checkPrecision(k *kit) *fault {
	shapes := k.c.shapes()
	for draw := range uint64(3) {
		values := roundedAll(k.c.values(shapes, draw))
		want, f := k.forward(tensor.Float64, shapes, values)
		if f != nil {
			return f
		}
		got, f := k.forward(tensor.Float32, shapes, values)
		if f != nil {
			return f
		}
		if f := k.precise("Float32", got, want, k.jacobian.shape, values); f != nil {
			return f
		}
	}
	out := k.jacobian.out
	if isSingle(out) {
		return faultf("Float64 has the precision of float32: all elements of the output are float32 numbers, such as %s", num(out[len(out)-1]))
	}
	return nil
}

// isSingle reports whether all numbers are float32, and not so round that they may be exact.
func isSingle(x []float64) bool {
	long := 0
	for _, v := range x {
		if float64(float32(v)) != v {
			return false
		}
		if math.Float64bits(v)<<(12+12) != 0 { // more than 12 bits of mantissa
			long++
		}
	}
	return long > 2
}

// imprecision is the error that float32 may have, relative to the largest element or 1.
const imprecision = 2e-5

// precise compares results of float32 with those of float64.
func (k *kit) precise(what string, got, want []float64, shape tensor.Shape, values [][]float64) *fault {
	scale := math.Max(1, largest(want))
	bad := make([]bool, len(got))
	first, worst := -1, 0.0
	for e := range got {
		if bad[e] = !equal(got[e], want[e]) && !(math.Abs(got[e]-want[e]) <= imprecision*scale); bad[e] && first < 0 {
			first = e
		}
		if d := math.Abs(got[e] - want[e]); bad[e] && d > worst {
			worst, first = d, e
		}
	}
	if first < 0 {
		return nil
	}
	a, b := nums(got[first], want[first])
	example := at(shape, first) + ": " + a + ", want " + b
	if place := places(bad, shape); place != "" {
		return faultf("%s differs from Float64 in %s only (%s)", what, place, example)
	}
	if ratio, ok := factor(got, want, spread([]float64{imprecision * scale}, len(want))); ok {
		return faultf("%s differs from Float64: %s (%s)", what, proportion(ratio), example)
	}
	if region := k.region(bad, values, len(got)); region != "" {
		return faultf("%s equals Float64 for %s only (%s)", what, region, example)
	}
	if worst < 1e-2*scale {
		return faultf("%s is not precise: its error is %s of the largest output (%s)", what, short(worst/scale), example)
	}
	return faultf("%s differs from Float64 (%s)", what, example)
}

// checkSmall compares float32 with float64 near 0, where formulas such as exp(x) - 1 lose all digits. The error may be that of an input that is off in
// its fourth digit.
func checkSmall(k *kit) *fault {
	if !k.unary() || k.c.Inputs[0].Values != nil {
		return nil
	}
	x := rounded([]float64{1e-2, -1e-2, 1e-3, -1e-3, 1e-4, -1e-4, 1e-5, -1e-5})
	want, f := k.curve(tensor.Float64, x)
	if f != nil {
		return f
	}
	got, f := k.curve(tensor.Float32, x)
	if f != nil {
		return f
	}
	slope, _, f := k.slopes(x)
	if f != nil {
		return f
	}
	for e, w := range want {
		if scale := math.Max(math.Abs(w), math.Abs(x[e]*slope[e])); !(math.Abs(got[e]-w) <= 1e-4*scale) {
			a, b := nums(got[e], w)
			return faultf("Float32 loses its digits near 0: at x = %s it is %s, want %s: a difference of almost equal numbers, such as exp(x) - 1 in place of expm1?", num(x[e]), a, b)
		}
	}
	return nil
}
