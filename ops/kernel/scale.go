package kernel

// zeros are what scale subtracts.
var zeros [1 << 11]float32

// scale multiplies the elements of x by a factor.
func scale[T Float](x []T, factor T) {
	if v := vectorized[T](); v != nil {
		// There is a kernel for factor (x - y), and with y = 0 it gives the same bits at the speed of the cache.
		for x := f32(x); len(x) > 0; {
			n := min(len(x), len(zeros))
			v.scaledDifference(x[:n], x[:n], zeros[:n], float32(factor))
			x = x[n:]
		}
		return
	}
	for i := range x {
		x[i] *= factor
	}
}
