package baseline

import "gonum.org/v1/gonum/stat/distuv"

// prune replaces nodes by leaves, from below, wherever the leaf is expected to have no more errors than the nodes under it.
func (t *grown) prune(confidence float64) {
	t.pruneAt(0, confidence)
	t.compact()
}

// pruneAt prunes the part of the tree under a node and returns its expected errors.
func (t *grown) pruneAt(at int, confidence float64) float64 {
	n := &t.nodes[at]
	own := expectedErrors(n.counts, confidence)
	if n.left == 0 {
		return own
	}
	below := t.pruneAt(n.left, confidence) + t.pruneAt(n.right, confidence)
	if own <= below+0.1 { // C4.5 prefers the leaf
		n.left, n.right = 0, 0
		return own
	}
	return below
}

// expectedErrors is the number of rows times the rate of errors that a binomial distribution with as few errors as seen has with probability
// confidence (Clopper and Pearson 1934).
func expectedErrors(counts []float64, confidence float64) float64 {
	n, most := 0.0, 0.0
	for _, c := range counts {
		n += c
		most = max(most, c)
	}
	errs := n - most
	if errs >= n {
		return n
	}
	return n * distuv.Beta{Alpha: errs + 1, Beta: n - errs}.Quantile(1-confidence)
}

// compact removes nodes that nothing refers to.
func (t *grown) compact() {
	old := t.nodes
	t.nodes = nil
	var add func(at int) int
	add = func(at int) int {
		n := old[at]
		k := len(t.nodes)
		t.nodes = append(t.nodes, n)
		if n.left > 0 {
			left := add(n.left)
			right := add(n.right)
			t.nodes[k].left, t.nodes[k].right = left, right
		}
		return k
	}
	add(0)
}
