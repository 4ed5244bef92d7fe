package opstest

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

var dtypes = []tensor.Dtype{tensor.Float64, tensor.Float32}

// fieldOf is the field of an ops.Def that computes with the dtype.
func fieldOf(dtype tensor.Dtype) string {
	if dtype == tensor.Float32 {
		return "Float32"
	}
	return "Float64"
}

// newValue returns a tensor of the given elements, or a Gorgonia scalar for the scalar shape.
func newValue(dtype tensor.Dtype, shape tensor.Shape, x []float64) G.Value {
	var v G.Value
	switch {
	case shape.IsScalar() && dtype == tensor.Float32:
		v = G.NewF32(0)
	case shape.IsScalar():
		v = G.NewF64(0)
	default:
		v = tensor.New(tensor.WithShape(shape.Clone()...), tensor.Of(dtype))
	}
	write(v, x)
	return v
}

// write sets the elements of a value.
func write(v G.Value, x []float64) {
	switch v := v.(type) {
	case *G.F64:
		*v = G.F64(x[0])
		return
	case *G.F32:
		*v = G.F32(x[0])
		return
	}
	switch data := v.Data().(type) {
	case []float64:
		copy(data, x)
	case []float32:
		for i := range data {
			data[i] = float32(x[i])
		}
	}
}

// floats returns a copy of the elements of a value.
func floats(v G.Value) []float64 {
	switch v := v.(type) {
	case nil:
		return nil
	case *G.F64:
		return []float64{float64(*v)}
	case *G.F32:
		return []float64{float64(*v)}
	}
	switch data := v.Data().(type) {
	case float64:
		return []float64{data}
	case float32:
		return []float64{float64(data)}
	case []float64:
		return append([]float64(nil), data...)
	case []float32:
		out := make([]float64, len(data))
		for i, x := range data {
			out[i] = float64(x)
		}
		return out
	}
	return nil
}

// elements returns the number of elements of a shape, 1 for a scalar.
func elements(s tensor.Shape) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// spread repeats x up to n elements.
func spread(x []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x[i%len(x)]
	}
	return out
}

// upstream returns the gradient that flows into an output of n elements in the checks.
func upstream(n int) []float64 {
	return spread([]float64{0.7, -1.3, 0.4, 1.1, -0.6, 0.9, -0.2, 0.5, -0.8, 1.2, -0.3}, n)
}

// rounded returns x as float32 holds it.
func rounded(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(float32(v))
	}
	return out
}

func roundedAll(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = rounded(x[i])
	}
	return out
}

func cloneAll(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = append([]float64(nil), x[i]...)
	}
	return out
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// equal reports whether a and b are the same number, or both NaN.
func equal(a, b float64) bool { return a == b || a != a && b != b }

// near reports whether a and b agree to a relative tolerance, absolute below 1. NaN agrees with NaN.
func near(a, b, tolerance float64) bool {
	return equal(a, b) || math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// largest returns the largest magnitude of the finite elements.
func largest(x []float64) (m float64) {
	for _, v := range x {
		if a := math.Abs(v); finite(a) && a > m {
			m = a
		}
	}
	return m
}

// num formats a number for a failure.
func num(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// nums formats two numbers with as many digits as it takes to tell them apart.
func nums(a, b float64) (string, string) {
	for digits := 6; digits < 17; digits += 2 {
		s, t := strconv.FormatFloat(a, 'g', digits, 64), strconv.FormatFloat(b, 'g', digits, 64)
		if s != t {
			return s, t
		}
	}
	return strconv.FormatFloat(a, 'g', 17, 64), strconv.FormatFloat(b, 'g', 17, 64)
}

// at names element k of a tensor.
func at(shape tensor.Shape, k int) string {
	switch shape.Dims() {
	case 0:
		return "the value"
	case 1:
		return fmt.Sprintf("element %d", k)
	}
	index := make([]string, shape.Dims())
	for d := shape.Dims() - 1; d >= 0; d-- {
		index[d], k = strconv.Itoa(k%shape[d]), k/shape[d]
	}
	return "element [" + strings.Join(index, ", ") + "]"
}

// plural counts things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
