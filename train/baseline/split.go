package baseline

import (
	"cmp"
	"math"
)

// split is a split of a node.
type split struct {
	column    int
	rank      uint32 // of the greatest value of the left side
	threshold float64
	gain      float64 // decrease of the impurity, per weight
	ratio     float64 // of C4.5
}

// best returns the best split of the node, and false if there is none. If a node looks at some columns only, columns with one value in all
// rows of the node are among them, but at least one is another one, as in scikit-learn.
func (g *grower) best() (s split, found bool) {
	var all []split
	wanted := cmp.Or(g.features, len(g.order))
	useful := false
	for i := range g.order {
		if i >= wanted && useful {
			break
		}
		if g.features > 0 {
			other := i + g.random.IntN(len(g.order)-i)
			g.order[i], g.order[other] = g.order[other], g.order[i]
		}
		one, constant, ok := g.bestOf(int(g.order[i]))
		useful = useful || !constant
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

// bestOf returns the best split by one column.
func (g *grower) bestOf(column int) (s split, constant, found bool) {
	c := &g.t.columns[column]
	if len(c.values) < 2 {
		return s, true, false
	}
	if g.uniform {
		s, constant, found = g.scan.drawn(c)
	} else {
		if constant = !g.tally.count(g, c); !constant {
			s, found = g.scan.all(c)
		}
		g.tally.clear()
	}
	s.column = column
	return s, constant, found
}

// scan moves the rows of a node from the right of a threshold to the left, value by value.
type scan struct {
	*grower
	left, right         []int32 // by class
	nLeft               int32
	leftMass            float64
	leftTerm, rightTerm float64
	whole               float64
	best                split
	found               bool
	distinct            int
}

func (s *scan) start() {
	clear(s.left)
	copy(s.right, s.node.counts)
	s.nLeft, s.leftMass, s.leftTerm, s.rightTerm = 0, 0, 0, s.node.term
	s.whole = s.impurity(s.node.term, s.node.mass)
	s.best, s.found, s.distinct = split{gain: -infinity}, false, 1
}

// move moves n rows of class k to the left.
func (s *scan) move(k int, n int32) {
	s.leftTerm += s.term(k, s.left[k]+n) - s.term(k, s.left[k])
	s.rightTerm += s.term(k, s.right[k]-n) - s.term(k, s.right[k])
	s.left[k] += n
	s.right[k] -= n
	s.nLeft += n
	s.leftMass += s.weight(k, n)
}

// cut returns whether the present sides are the best split so far, beyond rounding.
func (s *scan) cut() bool {
	least := int32(cmp.Or(s.MinLeaf, 1))
	if s.nLeft < least || s.node.total-s.nLeft < least {
		return false
	}
	gain := (s.whole - s.impurity(s.leftTerm, s.leftMass) - s.impurity(s.rightTerm, s.node.mass-s.leftMass)) / s.node.mass
	if gain <= s.best.gain+1e-12 { // rounding must not decide
		return false
	}
	s.best.gain, s.best.ratio, s.found = gain, s.leftMass/s.node.mass, true
	return true
}

// all tries a threshold between any two values.
func (s *scan) all(c *column) (split, bool) {
	s.start()
	t := &s.tally
	last, next := uint32(0), uint32(0)
	for rank, ok := t.first(); ok; rank, ok = t.next() {
		if s.nLeft > 0 {
			s.distinct++
			if s.cut() {
				s.best.rank, next = last, rank
			}
		}
		t.move(s)
		last = rank
	}
	if !s.found {
		return s.best, false
	}
	low, high := c.values[s.best.rank], c.values[next]
	s.best.threshold = s.between(low, high, low/2+high/2)
	if s.Criterion == GainRatio {
		p := s.best.ratio
		s.best.gain -= log2(float64(s.distinct-1)) / s.node.mass
		s.best.ratio = s.best.gain / -(p*log2(p) + (1-p)*log2(1-p))
	}
	return s.best, true
}

// between returns a threshold that is at least a and below b, near the wanted one. For features in float32 it is a float32, too: a row is on the
// same side of both.
func (s *scan) between(a, b, wanted float64) float64 {
	if s.t.single {
		v := float32(wanted)
		if float64(v) > wanted {
			v = math.Nextafter32(v, float32(math.Inf(-1)))
		}
		wanted = float64(v)
	}
	if !(wanted >= a && wanted < b) {
		return a
	}
	return wanted
}

// weight is the weight of n rows of class k.
func (g *grower) weight(k int, n int32) float64 {
	if g.factor == nil {
		return float64(n)
	}
	return g.factor[k] * float64(n)
}

// term is the function of the weight of n rows of class k whose sum over the classes the impurity needs.
func (g *grower) term(k int, n int32) float64 {
	if g.factor == nil {
		return g.terms[n]
	}
	return g.function(g.factor[k] * float64(n))
}

func (g *grower) function(v float64) float64 {
	if g.Criterion == Gini {
		return v * v
	}
	return v * log2(v)
}

// impurity is the impurity of rows with a total weight, times it, from the sum of the terms of the classes.
func (g *grower) impurity(terms, weight float64) float64 {
	if weight <= 0 {
		return 0
	}
	if g.Criterion == Gini {
		return weight - terms/weight
	}
	return weight*log2(weight) - terms
}
