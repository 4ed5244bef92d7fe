package baseline

// pack implements packed. Nodes are in preorder, tree after tree: "column" holds 1 + the column of a split, and 0 for a leaf; the left side of
// a split follows it, its right side follows that. "threshold" holds those of the splits in this order, and "leaf" the indices of the leaves
// in "share". So there is no index of a node, and no cycle.
func (t *trees) pack(a Arrays) {
	a.setName(t.name)
	a.setInts("sizes", []int32{int32(t.columns), int32(t.classes)})
	columns := make([]int32, len(t.nodes))
	var thresholds []float64
	var leaves []int32
	for i, n := range t.nodes {
		if n.column < 0 {
			leaves = append(leaves, n.next)
			continue
		}
		columns[i] = n.column + 1
		thresholds = append(thresholds, n.threshold)
	}
	a.setInts("column", columns)
	a.setFloats("threshold", thresholds)
	a.setInts("leaf", leaves)
	a.setFloats("share", t.shares)
}

func unpackTrees(r *reader) Classifier {
	s := r.columnsAndClasses(2)
	if r.err != nil {
		return nil
	}
	t := &trees{name: r.name, columns: s[0], classes: s[1], shares: r.floats("share")}
	r.require(len(t.shares) > 0 && len(t.shares)%t.classes == 0, "%d shares of %d classes", len(t.shares), t.classes)
	for i := 0; i+t.classes <= len(t.shares); i += t.classes {
		sum := 0.0
		for _, v := range t.shares[i : i+t.classes] {
			sum += v
			r.require(v >= 0, "a share is %v", v)
		}
		r.require(sum > 1-1e-6 && sum < 1+1e-6, "the shares of a leaf sum to %v", sum)
	}
	columns, thresholds := r.ints("column", t.columns), r.floats("threshold")
	leaves := r.ints("leaf", len(t.shares)/t.classes-1)
	r.require(len(columns) > 0 && len(columns) == len(thresholds)+len(leaves), "%d nodes, %d thresholds and %d leaves", len(columns), len(thresholds), len(leaves))
	if r.err != nil {
		return nil
	}
	t.grow(r, columns, thresholds, leaves)
	return t
}

// grow makes the nodes.
func (t *trees) grow(r *reader, columns []int32, thresholds []float64, leaves []int32) {
	t.nodes = make([]step, len(columns))
	var open []int32 // splits whose right side has not begun
	begin := true
	for i, c := range columns {
		n := &t.nodes[i]
		if begin {
			t.roots = append(t.roots, int32(i))
			begin = false
		}
		if c > 0 {
			if !r.require(len(thresholds) > 0, "fewer thresholds than splits") {
				return
			}
			*n = step{threshold: thresholds[0], column: c - 1}
			thresholds = thresholds[1:]
			open = append(open, int32(i))
			continue
		}
		if !r.require(len(leaves) > 0, "fewer shares than leaves") {
			return
		}
		*n = step{column: -1, next: leaves[0]}
		leaves = leaves[1:]
		if begin = len(open) == 0; !begin {
			t.nodes[open[len(open)-1]].next = int32(i + 1)
			open = open[:len(open)-1]
		}
	}
	r.require(begin, "the last tree is not complete")
}
