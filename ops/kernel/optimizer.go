package kernel

import "math"

// SGD describes one update of stochastic gradient descent, in PyTorch's order of operations.
type SGD struct {
	Rate     float64 // step size
	Momentum float64 // 0 for none; then velocity is not used
	L2       float64 // added to the gradient as L2 times the parameter
	Nesterov bool
	First    bool // the first step: the velocity starts as the gradient
}

// SGDStep updates p with the gradient g and the velocity v.
func SGDStep[T Float](s SGD, w *Workers, p, g, v []T) {
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			var vi []T
			if s.Momentum != 0 {
				vi = v[lo:hi]
			}
			sgdStep(s, p[lo:hi], g[lo:hi], vi)
		})
		return
	}
	sgdStep(s, p, g, v)
}

func sgdStep[T Float](s SGD, p, g, v []T) {
	rate, momentum, l2 := T(s.Rate), T(s.Momentum), T(s.L2)
	g = g[:len(p)]
	if s.Momentum == 0 {
		for i, x := range p {
			p[i] = x - rate*(g[i]+l2*x)
		}
		return
	}
	v = v[:len(p)]
	for i, x := range p {
		d := g[i] + l2*x
		if s.First {
			v[i] = d
		} else {
			v[i] = momentum*v[i] + d
		}
		if s.Nesterov {
			d += momentum * v[i]
		} else {
			d = v[i]
		}
		p[i] = x - rate*d
	}
}

// Adam describes one update of Adam (Kingma and Ba 2015, algorithm 1), in PyTorch's order of operations.
type Adam struct {
	Rate         float64
	Beta1, Beta2 float64
	Eps          float64
	L2           float64 // added to the gradient as L2 times the parameter
	T            int     // number of this step, from 1
}

// AdamStep updates p with the gradient g, the first moment m and the second moment v.
func AdamStep[T Float](a Adam, w *Workers, p, g, m, v []T) {
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adamStep(a, p[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi])
		})
		return
	}
	adamStep(a, p, g, m, v)
}

func adamStep[T Float](a Adam, p, g, m, v []T) {
	step := T(a.Rate / (1 - math.Pow(a.Beta1, float64(a.T))))
	root := T(1 / math.Sqrt(1-math.Pow(a.Beta2, float64(a.T))))
	b1, b2, c1, c2, eps, l2 := T(a.Beta1), T(a.Beta2), T(1-a.Beta1), T(1-a.Beta2), T(a.Eps), T(a.L2)
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	for i, x := range p {
		d := g[i] + l2*x
		m[i] = b1*m[i] + c1*d
		v[i] = b2*v[i] + c2*d*d
		p[i] = x - step*m[i]/(T(math.Sqrt(float64(v[i])))*root+eps)
	}
}
