package kernel

import "math"

// AdaMax describes one update of AdaMax (Kingma and Ba 2015, algorithm 2), in PyTorch's order of operations.
type AdaMax struct {
	Rate         float64
	Beta1, Beta2 float64
	Eps          float64
	L2           float64 // added to the gradient as L2 times the parameter
	T            int     // number of this step, from 1
}

// AdaMaxStep updates p with the gradient g, the first moment m and the infinity norm u.
func AdaMaxStep[T Float](a AdaMax, w *Workers, p, g, m, u []T) {
	check(len(p), g, m, u)
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adaMaxStep(a, p[lo:hi], g[lo:hi], m[lo:hi], u[lo:hi])
		})
		return
	}
	adaMaxStep(a, p, g, m, u)
}

func adaMaxStep[T Float](a AdaMax, p, g, m, u []T) {
	step := T(a.Rate / (1 - math.Pow(a.Beta1, float64(a.T))))
	b1, b2, c1, eps, l2 := T(a.Beta1), T(a.Beta2), T(1-a.Beta1), T(a.Eps), T(a.L2)
	g, m, u = g[:len(p)], m[:len(p)], u[:len(p)]
	for i, x := range p {
		d := g[i] + T(l2*x)
		m[i] = T(b1*m[i]) + T(c1*d)
		u[i] = max(T(b2*u[i]), T(math.Abs(float64(d)))+eps)
		p[i] = x - T(step*m[i])/u[i]
	}
}
