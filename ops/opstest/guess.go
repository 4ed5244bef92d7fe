package opstest

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// factor returns the number that all of want would have to be multiplied with to give got. There must be several of them.
func factor(got, want, tolerance []float64) (ratio float64, ok bool) {
	scale := 0.0
	for e, w := range want {
		if finite(w) && finite(got[e]) {
			scale = math.Max(scale, math.Abs(w)-10*tolerance[e])
		}
	}
	var ratios []float64
	wrong := 0
	for e, w := range want {
		if finite(w) && finite(got[e]) && math.Abs(w) > math.Max(0.1*scale, 10*tolerance[e]) {
			ratios = append(ratios, got[e]/w)
			if math.Abs(got[e]-w) > tolerance[e] {
				wrong++
			}
		}
	}
	if len(ratios) < 2 || wrong <= len(ratios)/2 {
		return 0, false
	}
	if ratio = median(ratios); math.Abs(ratio-1)*scale < 5*slices.Min(tolerance) {
		return 0, false
	}
	for e, w := range want {
		if finite(w) && !(math.Abs(got[e]-ratio*w) <= 3*tolerance[e]*math.Max(1, math.Abs(ratio))) {
			return 0, false
		}
	}
	return ratio, true
}

// proportion puts a factor in words.
func proportion(ratio float64) string {
	switch {
	case math.Abs(ratio+1) < 1e-4:
		return "it has the wrong sign"
	case math.Abs(ratio) < 1e-9:
		return "it is 0"
	case ratio > 1 && ratio < 1.5:
		return fmt.Sprintf("it is too large by %s %%", percent(ratio-1))
	case ratio > 0.5 && ratio < 1:
		return fmt.Sprintf("it is too small by %s %%", percent(1-ratio))
	}
	return fmt.Sprintf("it is %s times what it should be", short(ratio))
}

func percent(x float64) string { return short(100 * x) }

// short formats a number with three digits.
func short(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.3g", x), "e+00") }

// region describes where elements are right, by the values of the inputs that have one element for each: "x > 0". It returns "" if there is
// no such description.
func (k *kit) region(bad []bool, values [][]float64, n int) string {
	for i, x := range values {
		if len(x) != n || k.c.Inputs[i].Constant {
			continue
		}
		if r := region(bad, x); r != "" {
			if len(values) > 1 {
				return strings.ReplaceAll(r, "x", fmt.Sprintf("x = input %d", i))
			}
			return r
		}
	}
	return ""
}

// region describes the elements that are not bad by a bound of x or of its magnitude.
func region(bad []bool, x []float64) string {
	var wrong, right []float64
	for e, b := range bad {
		if b {
			wrong = append(wrong, x[e])
		} else {
			right = append(right, x[e])
		}
	}
	if len(wrong) < 2 || len(right) < 2 {
		return ""
	}
	abs := func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = math.Abs(v)
		}
		return out
	}
	for _, r := range []struct {
		name         string
		wrong, right []float64
	}{{"x", wrong, right}, {"|x|", abs(wrong), abs(right)}} {
		if bound, ok := between(slices.Max(r.wrong), slices.Min(r.right)); ok {
			return r.name + " > " + bound
		}
		if bound, ok := between(slices.Max(r.right), slices.Min(r.wrong)); ok {
			return r.name + " < " + bound
		}
	}
	return ""
}

// between returns the roundest number between two, if a < b.
func between(a, b float64) (string, bool) {
	if !(a < b) {
		return "", false
	}
	if a <= 0 && b >= 0 {
		return "0", true
	}
	for scale := 1.0; scale < 1e6; scale *= 10 {
		if c := math.Ceil(a*scale) / scale; c >= a && c <= b {
			return num(c), true
		}
	}
	return num((a + b) / 2), true
}

// transposed returns x, the row-major elements of a matrix of that many columns, with rows and columns exchanged.
func transposed(x []float64, cols int) []float64 {
	rows := len(x) / cols
	out := make([]float64, len(x))
	for e, v := range x {
		out[e%cols*rows+e/cols] = v
	}
	return out
}

// median returns the middle element.
func median(x []float64) float64 {
	s := slices.Clone(x)
	sort.Float64s(s)
	return s[len(s)/2]
}
