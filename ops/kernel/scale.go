package kernel

// scale multiplies the elements of x by a factor.
func scale[T Float](x []T, factor T) {
	if v := vectorized[T](); v != nil {
		v.scale(f32(x), float32(factor))
		return
	}
	for i := range x {
		x[i] *= factor
	}
}
