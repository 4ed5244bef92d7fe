package kernel

import "math"

// AdaDelta describes one update of AdaDelta (Zeiler 2012, algorithm 1), in PyTorch's order of operations.
type AdaDelta struct {
	Rate float64
	Rho  float64 // decay rate of the averages
	Eps  float64
	L2   float64 // added to the gradient as L2 times the parameter
}

// AdaDeltaStep updates p with the gradient g, the mean square v of the gradients and the mean square u of the updates.
func AdaDeltaStep[T Float](a AdaDelta, w *Workers, p, g, v, u []T) {
	check(len(p), g, v, u)
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adaDeltaStep(a, p[lo:hi], g[lo:hi], v[lo:hi], u[lo:hi])
		})
		return
	}
	adaDeltaStep(a, p, g, v, u)
}

func adaDeltaStep[T Float](a AdaDelta, p, g, v, u []T) {
	rate, rho, c, eps, l2 := T(a.Rate), T(a.Rho), T(1-a.Rho), T(a.Eps), T(a.L2)
	g, v, u = g[:len(p)], v[:len(p)], u[:len(p)]
	for i, x := range p {
		d := g[i] + T(l2*x)
		v[i] = T(rho*v[i]) + T(c*d*d)
		delta := T(math.Sqrt(float64(u[i]+eps))) / T(math.Sqrt(float64(v[i]+eps))) * d
		u[i] = T(rho*u[i]) + T(c*delta*delta)
		p[i] = x - T(rate*delta)
	}
}
