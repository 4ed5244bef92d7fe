package kernel

// AdamW describes one update of Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in PyTorch's
// order of operations.
type AdamW struct {
	Adam          // its L2 is not used
	Decay float64 // weight decay: the parameter shrinks by the factor 1 - Rate Decay
}

// decayBlock is the number of elements that AdamW shrinks and then updates while they are in the cache.
const decayBlock = 1 << 12

// AdamWStep updates p with the gradient g, the first moment m and the second moment v.
func AdamWStep[T Float](a AdamW, w *Workers, p, g, m, v []T) {
	check(len(p), g, m, v)
	if n := parts(w, len(p)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(p))
			adamwStep(a, p[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi])
		})
		return
	}
	adamwStep(a, p, g, m, v)
}

func adamwStep[T Float](a AdamW, p, g, m, v []T) {
	adam := a.Adam
	adam.L2 = 0
	keep := T(1 - a.Rate*a.Decay)
	for lo := 0; lo < len(p); lo += decayBlock {
		hi := min(len(p), lo+decayBlock)
		scale(p[lo:hi], keep)
		adamStep(adam, p[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi])
	}
}
