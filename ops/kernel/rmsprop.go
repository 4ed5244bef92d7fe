package kernel

import "math"

// RMSProp describes one update of RMSProp (Tieleman and Hinton 2012), in PyTorch's order of operations.
type RMSProp struct {
	Rate     float64
	Alpha    float64 // decay rate of the averages
	Eps      float64
	Momentum float64 // 0 for none; then velocity is not used
	L2       float64 // added to the gradient as L2 times the parameter
	Centered bool    // divide by the standard deviation instead of the root of the mean square (Graves 2013)
}

// RMSPropStep updates p with the gradient g, its mean square v, its mean (only if centered) and the velocity.
func RMSPropStep[T Float](r RMSProp, w *Workers, p, g, v, mean, velocity []T) {
	check(len(p), g, v)
	if r.Centered {
		check(len(p), mean)
	}
	if r.Momentum != 0 {
		check(len(p), velocity)
	}
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			rmspropStep(r, lo, hi, p, g, v, mean, velocity)
		})
		return
	}
	rmspropStep(r, 0, len(p), p, g, v, mean, velocity)
}

func rmspropStep[T Float](r RMSProp, lo, hi int, p, g, v, mean, velocity []T) {
	rate, a, c, eps, momentum, l2 := T(r.Rate), T(r.Alpha), T(1-r.Alpha), T(r.Eps), T(r.Momentum), T(r.L2)
	for i := lo; i < hi; i++ {
		d := g[i] + T(l2*p[i])
		v[i] = T(a*v[i]) + T(c*d*d)
		square := v[i]
		if r.Centered {
			mean[i] = T(a*mean[i]) + T(c*d)
			square = max(0, square-T(mean[i]*mean[i])) // rounding can make it negative
		}
		step := d / (T(math.Sqrt(float64(square))) + eps)
		if momentum != 0 {
			velocity[i] = T(momentum*velocity[i]) + step
			step = velocity[i]
		}
		p[i] -= T(rate * step)
	}
}
