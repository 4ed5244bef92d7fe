package opstest

import (
	"math"
	"slices"

	"gorgonia.org/tensor"
)

// checkSlope compares the slope of an elementwise op with central differences, over a range of numbers.
func checkSlope(k *kit) *fault {
	if !k.unary() {
		return nil
	}
	x := k.points()
	want, doubt, f := k.slopes(x)
	if f != nil {
		return f
	}
	got, f := k.reported(tensor.Float64, x)
	if f != nil {
		return f
	}
	scale := largest(want)
	j := judgement{what: "the slope", got: got, want: want, x: x, shape: tensor.Shape{len(x)}, period: elements(k.c.Inputs[0].Shape), in: k.c.Inputs[0].Shape}
	for e, w := range want {
		j.tolerance = append(j.tolerance, 1e-6*math.Max(math.Abs(w), 1e-3*scale)+2*doubt[e]+1e-10)
	}
	fault := j.fault()
	if fault != nil && !slices.ContainsFunc(got, func(v float64) bool { return !near(v, 1, 1e-9) }) {
		return faultf("the gradient is the upstream gradient itself, so that the slope is 1: PassUpstream, or no slope?").when("%s", j.example())
	}
	if fault != nil {
		y, f := k.curve(tensor.Float64, x)
		if f != nil {
			return f
		}
		other, _, f := k.slopes(y)
		if f == nil && j.like(other) {
			return faultf("the slope is that at y, not at x: Slope gets x and y = F(x)").when("%s", j.example())
		}
	}
	return fault
}

// points are the numbers at which the slope is compared, away from kinks.
func (k *kit) points() []float64 {
	lo, hi := k.span()
	x := slices.Clone(k.c.values(k.c.shapes(), 0)[0])
	for i := range 81 {
		x = append(x, lo+(hi-lo)*float64(i)/80)
	}
	for _, small := range []float64{0.05, 0.01, 0.005} {
		if k.c.Inputs[0].Values == nil {
			x = append(x, small, -small)
		}
	}
	return slices.DeleteFunc(x, func(v float64) bool {
		const h = 1e-3
		step := 1.5 * h * math.Max(1, math.Abs(v))
		return k.isKink(v) || slices.ContainsFunc(k.kinks, func(at float64) bool { return math.Abs(v-at) < step })
	})
}

// slopes are central differences of an elementwise op, and their uncertainty.
func (k *kit) slopes(x []float64) (slope, doubt []float64, f *fault) {
	var y [4][]float64
	for s, step := range []float64{1e-3, -1e-3, 5e-4, -5e-4} {
		moved := slices.Clone(x)
		for e, v := range x {
			moved[e] = v + step*math.Max(1, math.Abs(v))
		}
		if y[s], f = k.curve(tensor.Float64, moved); f != nil {
			return nil, nil, f
		}
	}
	for e, v := range x {
		h := 1e-3 * math.Max(1, math.Abs(v))
		wide, narrow := (y[0][e]-y[1][e])/(2*h), (y[2][e]-y[3][e])/h
		slope, doubt = append(slope, (4*narrow-wide)/3), append(doubt, math.Abs(narrow-wide))
	}
	return slope, doubt, nil
}

// reported are the slopes that the gradient of an elementwise op stands for.
func (k *kit) reported(dtype tensor.Dtype, x []float64) (slope []float64, f *fault) {
	n := elements(k.c.Inputs[0].Shape)
	u := upstream(n)
	for lo := 0; lo < len(x); lo += n {
		part := slices.Clone(x[lo:min(lo+n, len(x))])
		for len(part) < n {
			part = append(part, part[0])
		}
		_, grads, f := k.both(dtype, k.c.shapes(), [][]float64{part}, u)
		if f != nil {
			return nil, f
		}
		for e, g := range grads[0][:min(n, len(x)-lo)] {
			slope = append(slope, g/u[e])
		}
	}
	return slope, nil
}

// checkGradient32 compares the gradients of float32 with those of float64.
func checkGradient32(k *kit) *fault {
	if k.unary() {
		x := rounded(k.points())
		want, f := k.reported(tensor.Float64, x)
		if f != nil {
			return f
		}
		got, f := k.reported(tensor.Float32, x)
		if f != nil {
			return f
		}
		j := judgement{what: "the slope of float32", got: got, want: want, x: x, shape: tensor.Shape{len(x)}, period: elements(k.c.Inputs[0].Shape), in: k.c.Inputs[0].Shape}
		j.tolerance = spread([]float64{imprecision * math.Max(1, largest(want))}, len(x))
		return j.fault()
	}
	values := roundedAll(k.c.values(k.c.shapes(), 0))
	_, want, f := k.both(tensor.Float64, k.c.shapes(), values, nil)
	if f != nil {
		return f
	}
	_, got, f := k.both(tensor.Float32, k.c.shapes(), values, nil)
	if f != nil {
		return f
	}
	return k.compareGradients(comparison{suffix: " in float32", got: got, want: want, values: values, shapes: k.c.shapes(), tolerance: func(i, e int) float64 {
		return imprecision * math.Max(1, largest(want[i]))
	}})
}
