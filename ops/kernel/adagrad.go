package kernel

import "math"

// AdaGrad describes one update of AdaGrad (Duchi et al. 2011), in PyTorch's order of operations.
type AdaGrad struct {
	Rate      float64
	RateDecay float64 // the rate of step T is Rate / (1 + (T-1) RateDecay)
	Eps       float64
	L2        float64 // added to the gradient as L2 times the parameter
	T         int     // number of this step, from 1
}

// AdaGradStep updates p with the gradient g and the sum v of its squares.
func AdaGradStep[T Float](a AdaGrad, w *Workers, p, g, v []T) {
	check(len(p), g, v)
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adaGradStep(a, p[lo:hi], g[lo:hi], v[lo:hi])
		})
		return
	}
	adaGradStep(a, p, g, v)
}

// AdaGradRows is AdaGradStep for some rows of width elements; see [SGDRows].
func AdaGradRows[T Float](a AdaGrad, w *Workers, p, g, v []T, rows []int, width int) {
	check(len(p), g, v)
	if n := indexParts(w, rows, width); n > 1 {
		w.Run(n, func(i int) { adaGradRows(a, p, g, v, indexSpan(i, n, rows), width) })
		return
	}
	adaGradRows(a, p, g, v, rows, width)
}

func adaGradRows[T Float](a AdaGrad, p, g, v []T, rows []int, width int) {
	for _, r := range rows {
		lo, hi := r*width, (r+1)*width
		adaGradStep(a, p[lo:hi], g[lo:hi], v[lo:hi])
	}
}

func adaGradStep[T Float](a AdaGrad, p, g, v []T) {
	rate, eps, l2 := T(a.Rate/(1+float64(a.T-1)*a.RateDecay)), T(a.Eps), T(a.L2)
	g, v = g[:len(p)], v[:len(p)]
	for i, x := range p {
		d := g[i] + T(l2*x)
		v[i] += T(d * d)
		p[i] = x - T(rate*d)/(T(math.Sqrt(float64(v[i])))+eps)
	}
}
