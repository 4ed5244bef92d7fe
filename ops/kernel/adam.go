package kernel

import "math"

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
	check(len(p), g, m, v)
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adamStep(a, p[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi])
		})
		return
	}
	adamStep(a, p, g, m, v)
}

// AdamRows is AdamStep for some rows of width elements; see [SGDRows].
func AdamRows[T Float](a Adam, w *Workers, p, g, m, v []T, rows []int, width int) {
	check(len(p), g, m, v)
	step, root := a.factors()
	if n := indexParts(w, rows, width); n > 1 {
		w.Run(n, func(i int) { adamRows(a, step, root, p, g, m, v, indexSpan(i, n, rows), width) })
		return
	}
	adamRows(a, step, root, p, g, m, v, rows, width)
}

func adamRows[T Float](a Adam, step, root float64, p, g, m, v []T, rows []int, width int) {
	for _, r := range rows {
		lo, hi := r*width, (r+1)*width
		adamLoop(a, T(step), T(root), p[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi])
	}
}

func adamStep[T Float](a Adam, p, g, m, v []T) {
	step, root := a.factors()
	adamLoop(a, T(step), T(root), p, g, m, v)
}

// factors returns the rate, and what the root of the second moment is multiplied by, both with the correction of the bias.
func (a Adam) factors() (step, root float64) {
	return a.Rate / (1 - math.Pow(a.Beta1, float64(a.T))), 1 / math.Sqrt(1-math.Pow(a.Beta2, float64(a.T)))
}

func adamLoop[T Float](a Adam, step, root T, p, g, m, v []T) {
	b1, b2, c1, c2, eps, l2 := T(a.Beta1), T(a.Beta2), T(1-a.Beta1), T(1-a.Beta2), T(a.Eps), T(a.L2)
	if e := vectorized[T](); e != nil {
		e.adam(f32(p), f32(g), f32(m), f32(v), float32(step), float32(root), float32(b1), float32(b2), float32(c1), float32(c2),
			float32(eps), float32(l2))
		return
	}
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	for i, x := range p {
		d := g[i] + T(l2*x)
		m[i] = T(b1*m[i]) + T(c1*d)
		v[i] = T(b2*v[i]) + T(c2*d*d)
		p[i] = x - step*m[i]/(T(T(math.Sqrt(float64(v[i])))*root)+eps)
	}
}
