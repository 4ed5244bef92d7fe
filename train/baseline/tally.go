package baseline

import (
	"math/bits"
	"slices"
)

// tally counts the rows of a node by the value of a column and by class: in a table of counts if that pays, else as a sorted list.
type tally struct {
	classes int
	counts  []int32 // rank after rank, by class
	bits    []uint64
	seen    []uint64 // a bit for each rank that occurs; a part of bits

	keys   []uint64 // rank and row, sorted
	listed bool
	g      *grower

	at   int    // in seen, or behind the group in keys
	word uint64 // the rest of seen[at]
	rank uint32 // of the group
	from int    // of the group in keys
}

// count counts the rows of the node, and reports whether they have more than one value.
func (t *tally) count(g *grower, c *column) bool {
	n := &g.node
	t.g, t.listed = g, false
	switch {
	case c.sparse:
		t.reserve(c)
		return t.countSparse(c)
	case c.small == nil && !t.pays(len(c.values), len(n.rows)):
		return t.list(c)
	}
	t.reserve(c)
	if c.small != nil {
		for _, r := range n.rows {
			t.add(uint32(c.small[r]), g.labels[r], g.count[r])
		}
	} else {
		for _, r := range n.rows {
			t.add(c.large[r], g.labels[r], g.count[r])
		}
	}
	low, high := t.ends()
	return low != high
}

// looksForRows reports whether it takes less time to look for the rows of the node among those that do not have the commonest value of a column.
func (g *grower) looksForRows(c *column) bool {
	return c.sparse && len(c.others) < len(g.node.rows) && len(g.node.rows) >= fewRows
}

// pays reports whether a table for so many values takes less time than sorting.
func (t *tally) pays(values, rows int) bool {
	return rows >= 32 && values/32 <= rows && t.classes <= 8 || values*t.classes <= 4*rows
}

// reserve makes room for the values of a column.
func (t *tally) reserve(c *column) {
	words := (len(c.values) + 63) / 64
	if len(t.bits) < words {
		t.bits = make([]uint64, words)
	}
	t.seen = t.bits[:words]
	if size := len(c.values) * t.classes; len(t.counts) < size {
		t.counts = make([]int32, size)
	}
}

func (t *tally) add(rank uint32, class, n int32) {
	t.counts[int(rank)*t.classes+int(class)] += n
	t.seen[rank>>6] |= 1 << (rank & 63)
}

// countSparse counts the rows that do not have the commonest value. The rest has it.
func (t *tally) countSparse(c *column) bool {
	g := t.g
	found := false
	if g.looksForRows(c) {
		for i, r := range c.others {
			if g.place[r] == g.node.index {
				t.add(c.ranks[i], g.labels[r], g.count[r])
				found = true
			}
		}
	} else {
		for _, r := range g.node.rows {
			if !c.common(r) {
				t.add(c.ranks[c.other(r)], g.labels[r], g.count[r])
				found = true
			}
		}
	}
	if !found {
		return false
	}
	rest := g.scan.left // is free
	copy(rest, g.node.counts)
	low, high := t.ends()
	for w, word := range t.seen {
		for ; word != 0; word &= word - 1 {
			at := (w<<6 + bits.TrailingZeros64(word)) * t.classes
			for k, n := range t.counts[at : at+t.classes] {
				rest[k] -= n
			}
		}
	}
	for k, n := range rest {
		if n > 0 {
			t.add(c.base, int32(k), n)
			low, high = min(low, c.base), max(high, c.base)
		}
	}
	return low != high
}

// list sorts the rows.
func (t *tally) list(c *column) bool {
	t.listed, t.keys = true, t.keys[:0]
	low, high := ^uint32(0), uint32(0)
	for _, r := range t.g.node.rows {
		k := c.rank(r)
		low, high = min(low, k), max(high, k)
		t.keys = append(t.keys, uint64(k)<<32|uint64(uint32(r)))
	}
	if low == high {
		return false
	}
	slices.Sort(t.keys)
	return true
}

// ends returns the least and the greatest value.
func (t *tally) ends() (low, high uint32) {
	if t.listed {
		return uint32(t.keys[0] >> 32), uint32(t.keys[len(t.keys)-1] >> 32)
	}
	for w, word := range t.seen {
		if word != 0 {
			low = uint32(w<<6 + bits.TrailingZeros64(word))
			break
		}
	}
	for w := len(t.seen) - 1; w >= 0; w-- {
		if word := t.seen[w]; word != 0 {
			return low, uint32(w<<6 + 63 - bits.LeadingZeros64(word))
		}
	}
	return low, low
}

// clear forgets the counts.
func (t *tally) clear() {
	if t.listed {
		return
	}
	for w, word := range t.seen {
		for ; word != 0; word &= word - 1 {
			at := (w<<6 + bits.TrailingZeros64(word)) * t.classes
			clear(t.counts[at : at+t.classes])
		}
		t.seen[w] = 0
	}
}

// first and next go to the rows with the next greater value, and return it.
func (t *tally) first() (rank uint32, ok bool) {
	if t.at, t.from = 0, 0; !t.listed {
		t.word = t.seen[0]
	}
	return t.next()
}

func (t *tally) next() (rank uint32, ok bool) {
	if t.listed {
		t.from = t.at
		if t.from == len(t.keys) {
			return 0, false
		}
		t.rank = uint32(t.keys[t.from] >> 32)
		for t.at < len(t.keys) && uint32(t.keys[t.at]>>32) == t.rank {
			t.at++
		}
		return t.rank, true
	}
	for t.word == 0 {
		if t.at++; t.at == len(t.seen) {
			return 0, false
		}
		t.word = t.seen[t.at]
	}
	t.rank = uint32(t.at<<6 + bits.TrailingZeros64(t.word))
	t.word &= t.word - 1
	return t.rank, true
}

// move moves the rows of the group to the left.
func (t *tally) move(s *scan) {
	if t.listed {
		for _, key := range t.keys[t.from:t.at] {
			r := uint32(key)
			s.move(int(t.g.labels[r]), t.g.count[r])
		}
		return
	}
	at := int(t.rank) * t.classes
	for k, n := range t.counts[at : at+t.classes] {
		if n > 0 {
			s.move(k, n)
		}
	}
}
