package kernel

// Blend sets dst to keep dst + part x, each product rounded before the sum. It is a step of a moving average: of batch statistics, and of weights.
func Blend[T Float](dst, x []T, keep, part float64) {
	check(len(dst), x)
	if v := vectorized[T](); v != nil {
		v.blend(f32(dst), f32(x), float32(keep), float32(part))
		return
	}
	a, b := T(keep), T(part)
	for i, v := range x {
		dst[i] = T(a*dst[i]) + T(b*v)
	}
}
