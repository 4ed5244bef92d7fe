package kernel

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
	check(len(p), g)
	if s.Momentum != 0 {
		check(len(p), v)
	}
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

// SGDRows is SGDStep without momentum for the rows with these indices, each of width elements; the other rows of p do not change. An
// index must not occur twice.
func SGDRows[T Float](s SGD, w *Workers, p, g []T, rows []int, width int) {
	check(len(p), g)
	if n := indexParts(w, rows, width); n > 1 {
		w.Run(n, func(i int) { sgdRows(s, p, g, indexSpan(i, n, rows), width) })
		return
	}
	sgdRows(s, p, g, rows, width)
}

func sgdRows[T Float](s SGD, p, g []T, rows []int, width int) {
	for _, r := range rows {
		sgd(p[r*width:(r+1)*width], g[r*width:(r+1)*width], T(s.Rate), T(s.L2))
	}
}

// indexParts returns the number of pieces into which work on rows of width elements is split.
func indexParts(w *Workers, rows []int, width int) int {
	return min(parts(w, len(rows)*width), max(1, len(rows)))
}

// indexSpan returns piece i of k of the indices of rows.
func indexSpan(i, k int, rows []int) []int { return rows[len(rows)*i/k : len(rows)*(i+1)/k] }

func sgdStep[T Float](s SGD, p, g, v []T) {
	rate, momentum, l2 := T(s.Rate), T(s.Momentum), T(s.L2)
	if s.Momentum == 0 {
		sgd(p, g, rate, l2)
		return
	}
	if s.First {
		clear(v)
	}
	if s.Nesterov {
		sgdNesterov(p, g, v, rate, momentum, l2)
	} else {
		sgdMomentum(p, g, v, rate, momentum, l2)
	}
}

func sgd[T Float](p, g []T, rate, l2 T) {
	if v := vectorized[T](); v != nil {
		v.sgd(f32(p), f32(g), float32(rate), float32(l2))
		return
	}
	g = g[:len(p)]
	for i, x := range p {
		p[i] = x - T(rate*(g[i]+T(l2*x)))
	}
}

func sgdMomentum[T Float](p, g, v []T, rate, momentum, l2 T) {
	if e := vectorized[T](); e != nil {
		e.momentum(f32(p), f32(g), f32(v), float32(rate), float32(momentum), float32(l2))
		return
	}
	g, v = g[:len(p)], v[:len(p)]
	for i, x := range p {
		v[i] = T(momentum*v[i]) + (g[i] + T(l2*x))
		p[i] = x - T(rate*v[i])
	}
}

func sgdNesterov[T Float](p, g, v []T, rate, momentum, l2 T) {
	if e := vectorized[T](); e != nil {
		e.nesterov(f32(p), f32(g), f32(v), float32(rate), float32(momentum), float32(l2))
		return
	}
	g, v = g[:len(p)], v[:len(p)]
	for i, x := range p {
		d := g[i] + T(l2*x)
		v[i] = T(momentum*v[i]) + d
		p[i] = x - T(rate*(d+T(momentum*v[i])))
	}
}
