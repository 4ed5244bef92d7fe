package kernel

import "runtime"

// MultiplyAdds multiplies and adds float32 in registers alone, rounds times as many as a tile of a product has elements, with the instructions that
// products use, and returns the number of floating-point operations, two for each pair. Timed, it gives the peak of a core, which no product on it
// can exceed. With the plain Go kernels, the operations are those of a plain Go loop.
func MultiplyAdds(rounds int) (operations int) {
	e := backend32.engines[cpu]
	if e.multiplyAdds == nil {
		runtime.KeepAlive(multiplyAddsLoop(rounds, 0.5, 1))
		return max(0, rounds) * 2 * loopSums
	}
	e.multiplyAdds(rounds)
	return max(0, rounds) * e.arithmetic
}

// loopSums is the number of sums of multiplyAddsLoop, as many as the tile of plain Go has.
const loopSums = 8

//go:noinline
func multiplyAddsLoop(rounds int, x, y float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for range rounds {
		s0 = s0*x + y
		s1 = s1*x + y
		s2 = s2*x + y
		s3 = s3*x + y
		s4 = s4*x + y
		s5 = s5*x + y
		s6 = s6*x + y
		s7 = s7*x + y
	}
	return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7
}
