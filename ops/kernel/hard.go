package kernel

// The activations of straight lines. Their loops round after each operation, as the assembly does, so all variants agree to the bit.

var hardTanhValue = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.hardTanh(dst, x) },
	single: hardTanhLoop[float32],
	double: hardTanhLoop[float64],
}

// HardTanh sets dst to x between -1 and 1. NaN stays NaN.
func HardTanh[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &hardTanhValue, dst, x, nil, nil)
}

func hardTanhLoop[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = clamp(v, -1, 1)
	}
}

// clamp is v between low and high, and NaN for NaN.
func clamp[T Float](v, low, high T) T {
	switch {
	case v < low:
		return low
	case v > high:
		return high
	}
	return v
}

var hardTanhSlope = pointwise{
	vector: func(e *elements, dst, g, x, _ []float32) { e.hardTanhGrad(dst, g, x) },
	single: hardTanhGradLoop[float32],
	double: hardTanhGradLoop[float64],
}

// HardTanhGrad sets dst to g where -1 < x < 1, to 0 elsewhere, and to NaN where x is NaN.
func HardTanhGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, &hardTanhSlope, dst, g, x, nil)
}

func hardTanhGradLoop[T Float](dst, g, x, _ []T) {
	for i, v := range x {
		dst[i] = flat(v, g[i], 1)
	}
}

// flat is g for |x| < bound, 0 beyond, and NaN for NaN.
func flat[T Float](x, g, bound T) T {
	switch {
	case x != x:
		return x
	case -bound < x && x < bound:
		return g
	}
	return 0
}

var hardSigmoidValue = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.hardSigmoid(dst, x) },
	single: hardSigmoidLoop[float32],
	double: hardSigmoidLoop[float64],
}

// HardSigmoid sets dst to min(max(x + 3, 0), 6) / 6. NaN stays NaN.
func HardSigmoid[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &hardSigmoidValue, dst, x, nil, nil)
}

func hardSigmoidLoop[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = clamp(T(v+3), 0, 6) * T(1./6)
	}
}

var hardSigmoidSlope = pointwise{
	vector: func(e *elements, dst, g, x, _ []float32) { e.hardSigmoidGrad(dst, g, x) },
	single: hardSigmoidGradLoop[float32],
	double: hardSigmoidGradLoop[float64],
}

// HardSigmoidGrad sets dst to g/6 where -3 < x < 3, to 0 elsewhere, and to NaN where x is NaN. In both dtypes it takes the float32 nearest to 1/6, as
// PyTorch does, so that gradients equal PyTorch's; that is 3e-8 of the slope.
func HardSigmoidGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, &hardSigmoidSlope, dst, g, x, nil)
}

func hardSigmoidGradLoop[T Float](dst, g, x, _ []T) {
	for i, v := range x {
		dst[i] = flat(v, g[i]*T(float32(1./6)), 3)
	}
}

var hardSwishValue = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.hardSwish(dst, x) },
	single: hardSwishLoop[float32],
	double: hardSwishLoop[float64],
}

// HardSwish sets dst to x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, section 5.2). NaN stays NaN.
func HardSwish[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &hardSwishValue, dst, x, nil, nil)
}

func hardSwishLoop[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		factor := clamp(T(v+3), 0, 6) * T(1./6)
		if v < -3 { // so that -Inf gives 0
			v = -3
		}
		dst[i] = v * factor
	}
}

var hardSwishSlope = pointwise{
	vector: func(e *elements, dst, g, x, _ []float32) { e.hardSwishGrad(dst, g, x) },
	single: hardSwishGradLoop[float32],
	double: hardSwishGradLoop[float64],
}

// HardSwishGrad sets dst to g times the slope of HardSwish at x: 0 for x < -3, 1 for x > 3, and x/3 + 1/2 from -3 to 3.
func HardSwishGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, &hardSwishSlope, dst, g, x, nil)
}

func hardSwishGradLoop[T Float](dst, g, x, _ []T) {
	for i, v := range x {
		slope := T(v*T(1./3)) + 0.5
		switch {
		case v < -3:
			slope = 0
		case v > 3:
			slope = 1
		}
		dst[i] = g[i] * slope
	}
}
