package kernel

// SquaredError returns the sum of the squares of x - y.
func SquaredError[T Float](x, y []T) float64 {
	check(len(x), y)
	if v := vectorized[T](); v != nil {
		return v.squaredError(f32(x), f32(y))
	}
	sum := 0.0
	for i, v := range x {
		d := float64(v) - float64(y[i])
		sum += d * d
	}
	return sum
}

// ScaledDifference sets dst to scale (x - y).
func ScaledDifference[T Float](dst, x, y []T, scale float64) {
	check(len(x), dst, y)
	if v := vectorized[T](); v != nil {
		v.scaledDifference(f32(dst), f32(x), f32(y), float32(scale))
		return
	}
	for i, v := range x {
		dst[i] = T(scale) * (v - y[i])
	}
}
