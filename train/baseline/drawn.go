package baseline

import "sort"

// drawn draws one threshold between the least and the greatest value of the node.
func (s *scan) drawn(c *column) (split, bool, bool) {
	low, high, rare := s.ends(c)
	if low == high {
		return split{}, true, false
	}
	s.start()
	a, b := c.values[low], c.values[high]
	threshold := s.between(a, b, a+s.random.Float64()*(b-a))
	between := c.values[low+1 : high+1]
	limit := low + uint32(sort.Search(len(between), func(i int) bool { return between[i] > threshold }))
	s.leftOf(c, limit, rare)
	for k, n := range s.left {
		s.right[k] -= n
		s.nLeft += n
		s.leftMass += s.weight(k, n)
		s.leftTerm += s.term(k, n)
		s.rightTerm += s.term(k, s.right[k]) - s.term(k, s.node.counts[k])
	}
	found := s.cut()
	s.best.rank, s.best.threshold = limit, threshold
	return s.best, false, found
}

// ends returns the least and the greatest value of the node. rare reports whether the rows of the node were looked for among those that do
// not have the commonest value.
func (s *scan) ends(c *column) (low, high uint32, rare bool) {
	low = ^uint32(0)
	if !s.looksForRows(c) {
		for _, r := range s.node.rows {
			k := c.rank(r)
			low, high = min(low, k), max(high, k)
		}
		return low, high, false
	}
	rest := len(s.node.rows)
	for i, r := range c.others {
		if s.place[r] == s.node.index {
			low, high = min(low, c.ranks[i]), max(high, c.ranks[i])
			rest--
		}
	}
	if rest > 0 {
		low, high = min(low, c.base), max(high, c.base)
	}
	return low, high, true
}

// leftOf counts the rows whose value is not beyond the limit.
func (s *scan) leftOf(c *column, limit uint32, rare bool) {
	if !rare {
		for _, r := range s.node.rows {
			if c.rank(r) <= limit {
				s.left[s.labels[r]] += s.count[r]
			}
		}
		return
	}
	sign := int32(1)
	if c.base <= limit { // all but the others beyond it
		copy(s.left, s.node.counts)
		sign = -1
	}
	for i, r := range c.others {
		if s.place[r] == s.node.index && (c.ranks[i] <= limit) == (sign > 0) {
			s.left[s.labels[r]] += sign * s.count[r]
		}
	}
}
