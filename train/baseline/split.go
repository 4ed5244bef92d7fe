package baseline

import (
	"cmp"
	"slices"
)

// split is a split of a node.
type split struct {
	feature   int
	rank      uint32 // of the greatest value of the left side
	threshold float64
	gain      float64 // decrease of the impurity, per row
	ratio     float64 // of C4.5
}

// best returns the best split of the rows of a node, and false if there is none.
func (g *grower) best(rows []int32, counts []float64) (s split, found bool) {
	total := 0.0
	for _, c := range counts {
		total += c
	}
	if total < float64(cmp.Or(g.MinSplit, 2)) {
		return s, false
	}
	var all []split
	wanted := len(g.order)
	if g.shuffle != nil {
		wanted = g.shuffle(g.order)
	}
	for _, j := range g.order {
		if wanted == 0 {
			break
		}
		one, constant, ok := g.bestOf(j, rows, counts, total)
		if !constant {
			wanted--
		}
		switch {
		case !ok:
		case g.Criterion == GainRatio:
			all = append(all, one)
		case !found || one.gain > s.gain:
			s, found = one, true
		}
	}
	if g.Criterion == GainRatio {
		return byRatio(all)
	}
	return s, found
}

// byRatio chooses as C4.5 does.
func byRatio(all []split) (s split, found bool) {
	mean := 0.0
	for _, a := range all {
		mean += a.gain / float64(len(all))
	}
	for _, a := range all {
		if a.gain > 0 && a.gain >= mean*(1-1e-9) && (!found || a.ratio > s.ratio) {
			s, found = a, true
		}
	}
	return s, found
}

// bestOf returns the best split by one feature.
func (g *grower) bestOf(feature int, rows []int32, counts []float64, total float64) (s split, constant, found bool) {
	ranks := g.ranks.rank[feature]
	keys := g.keys[:len(rows)]
	low, high := ^uint32(0), uint32(0)
	for i, r := range rows {
		k := ranks[r]
		low, high = min(low, k), max(high, k)
		keys[i] = uint64(k)<<32 | uint64(uint32(r))
	}
	if low == high {
		return s, true, false
	}
	slices.Sort(keys)
	left, right := g.counts.left, g.counts.right
	clear(left)
	copy(right, counts)
	leftTerm, rightTerm := 0.0, 0.0
	for _, c := range counts {
		rightTerm += g.terms[int(c)]
	}
	whole := g.impurity(rightTerm, total)
	nLeft, minLeaf, distinct := 0.0, float64(cmp.Or(g.MinLeaf, 1)), 1
	best := -infinity
	for i, key := range keys[:len(keys)-1] {
		r := uint32(key)
		k, w := g.labels[r], g.weight[r]
		leftTerm += g.terms[int(left[k]+w)] - g.terms[int(left[k])]
		rightTerm += g.terms[int(right[k]-w)] - g.terms[int(right[k])]
		left[k] += w
		right[k] -= w
		nLeft += w
		if keys[i+1]>>32 == key>>32 {
			continue
		}
		distinct++
		if nLeft < minLeaf || total-nLeft < minLeaf {
			continue
		}
		gain := (whole - g.impurity(leftTerm, nLeft) - g.impurity(rightTerm, total-nLeft)) / total
		if gain > best+1e-12 { // rounding must not decide
			best = gain
			s = split{feature: feature, rank: uint32(key >> 32), gain: gain, ratio: nLeft}
			found = true
		}
	}
	if !found {
		return s, false, false
	}
	values := g.ranks.values[feature]
	s.threshold = values[s.rank]/2 + values[nextRank(keys, s.rank)]/2
	if g.Criterion == GainRatio {
		p := s.ratio / total
		s.gain -= log2(float64(distinct-1)) / total
		s.ratio = s.gain / -(p*log2(p) + (1-p)*log2(1-p))
	}
	return s, false, true
}

// nextRank returns the first rank in the sorted keys that is greater than rank.
func nextRank(keys []uint64, rank uint32) uint32 {
	at, _ := slices.BinarySearch(keys, uint64(rank+1)<<32)
	return uint32(keys[at] >> 32)
}

// impurity is the impurity of n rows times n, from the sum of the terms of the class counts.
func (g *grower) impurity(terms, n float64) float64 {
	if n == 0 {
		return 0
	}
	if g.Criterion == Gini {
		return n - terms/n
	}
	return n*log2(n) - terms
}
