package baseline

import "math"

func (n *neighbours) pack(a Arrays) {
	a.setName(Neighbours{}.Name())
	a.setInts("sizes", []int32{int32(n.x.Columns), int32(n.classes), int32(n.k)})
	a.setFloats("row", n.x.Values)
	a.setInts("label", int32s(n.labels))
}

func unpackNeighbours(r *reader) Classifier {
	s := r.columnsAndClasses(3)
	n := &neighbours{classes: s[1], k: s[2], labels: ints(r.ints("label", s[1]-1))}
	n.x = Matrix{Rows: len(n.labels), Columns: s[0], Values: r.floats("row")}
	r.require(n.k <= n.x.Rows && n.x.check() == nil, "%d neighbours of %d labels and %d values of %d columns", n.k, len(n.labels), len(n.x.Values), s[0])
	return n
}

func (n *naiveBayes) pack(a Arrays) {
	a.setName(NaiveBayes{}.Name())
	a.setInts("sizes", []int32{int32(n.columns), int32(len(n.prior))})
	a.setFloats("mean", n.mean)
	a.setFloats("variance", n.variance)
	shares := make([]float64, len(n.prior))
	copy(shares, n.prior)
	for k, v := range shares {
		if math.IsInf(v, -1) {
			shares[k] = 1 // no logarithm of a share: there are no rows
		}
	}
	a.setFloats("prior", shares)
}

func unpackNaiveBayes(r *reader) Classifier {
	s := r.columnsAndClasses(2)
	n := &naiveBayes{columns: s[0], mean: r.floats("mean"), variance: r.floats("variance"), prior: r.floats("prior")}
	r.require(len(n.prior) == s[1] && len(n.mean) == s[0]*s[1] && len(n.variance) == len(n.mean), "%d means, %d variances and %d priors of %d columns and %d classes",
		len(n.mean), len(n.variance), len(n.prior), s[0], s[1])
	for _, v := range n.variance {
		r.require(v > 0, "a variance is %v", v)
	}
	some := false
	for k, v := range n.prior {
		r.require(v <= 0 || v == 1, "the logarithm of a share is %v", v)
		if some = some || v <= 0; v == 1 {
			n.prior[k] = -infinity
		}
	}
	r.require(some, "no class has rows")
	return n
}

func (l *logistic) pack(a Arrays) {
	a.setName(Logistic{}.Name())
	a.setInts("sizes", []int32{int32(l.columns), int32(l.classes)})
	a.setFloats("weight", l.weights)
}

func unpackLogistic(r *reader) Classifier {
	s := r.columnsAndClasses(2)
	l := &logistic{columns: s[0], classes: s[1], weights: r.floats("weight")}
	r.require(len(l.weights) == (s[0]+1)*outputsOf(s[1]), "%d weights for %d columns and %d classes", len(l.weights), s[0], s[1])
	return l
}

func (m *machines) pack(a Arrays) {
	a.setName(SVM{}.Name())
	a.setInts("sizes", []int32{int32(m.columns), int32(m.classes)})
	a.setFloats("gamma", []float64{m.gamma})
	a.setFloats("vector", m.vectors.x.Values)
	var pairs, lengths, rows, present []int32
	var biases, weights []float64
	for _, p := range m.pairs {
		pairs, lengths, biases = append(pairs, int32(p.a), int32(p.b)), append(lengths, int32(len(p.rows))), append(biases, p.bias)
		rows, weights = append(rows, int32s(p.rows)...), append(weights, p.weights...)
	}
	for _, of := range m.byClass {
		present = append(present, int32(min(1, len(of))))
	}
	a.setInts("pair", pairs)
	a.setInts("vectors", lengths)
	a.setFloats("bias", biases)
	a.setInts("index", rows)
	a.setFloats("weight", weights)
	a.setInts("present", present)
}

func unpackMachines(r *reader) Classifier {
	s := r.columnsAndClasses(2)
	m := &machines{columns: s[0], classes: s[1]}
	gamma, x := r.floats("gamma"), Matrix{Columns: s[0], Values: r.floats("vector")}
	x.Rows = len(x.Values) / max(1, s[0])
	if !r.require(len(gamma) == 1 && gamma[0] > 0 && len(x.Values) == x.Rows*x.Columns, "%d values of %d columns, gamma %v", len(x.Values), s[0], gamma) {
		return nil
	}
	m.gamma, m.vectors = gamma[0], newKernelRows(x, gamma[0])
	present := r.ints("present", 1)
	r.require(len(present) == m.classes, "%d marks of %d classes", len(present), m.classes)
	for _, n := range present {
		m.byClass = append(m.byClass, make([]int, n))
	}
	pairs, lengths, biases := ints(r.ints("pair", s[1]-1)), ints(r.ints("vectors", math.MaxInt32)), r.floats("bias")
	rows, weights := ints(r.ints("index", x.Rows-1)), r.floats("weight")
	r.require(len(pairs) == 2*len(biases) && len(lengths) == len(biases) && len(rows) == len(weights), "%d classes in %d pairs of %d lengths, %d weights for %d vectors",
		len(pairs), len(biases), len(lengths), len(weights), len(rows))
	for i := 0; i < len(biases) && r.err == nil; i++ {
		n := lengths[i]
		if !r.require(n <= len(rows) && pairs[2*i] != pairs[2*i+1], "pair %d: %d vectors of %d", i, n, len(rows)) {
			return nil
		}
		m.pairs = append(m.pairs, machine{pairs[2*i], pairs[2*i+1], rows[:n:n], weights[:n:n], biases[i]})
		rows, weights = rows[n:], weights[n:]
	}
	r.require(len(rows) == 0, "%d vectors belong to no pair", len(rows))
	return m
}

func int32s(x []int) []int32 {
	to := make([]int32, len(x))
	for i, v := range x {
		to[i] = int32(v)
	}
	return to
}

func ints(x []int32) []int {
	to := make([]int, len(x))
	for i, v := range x {
		to[i] = int(v)
	}
	return to
}
