package descriptor

import (
	"cmp"
	"math"
	"slices"
)

// manyWalks is the number of walks of four bonds beyond which paths are counted by formulas instead of one after another. Two atoms that
// share 2,000 neighbours have 10^10 walks; molecules of usual shapes stay far below, and keep the values of plain sums to the last bit.
const manyWalks = 5_000_000

// hasManyWalks reports whether the graph of heavy atoms has more than manyWalks walks of four bonds.
func (c *paths) hasManyWalks() bool {
	degree := 0
	for i := range c.valueN {
		degree = max(degree, c.m.Degree(i))
	}
	if float64(len(c.valueN))*math.Pow(float64(degree), longestPath) <= manyWalks {
		return false
	}
	walks, next := make([]float64, len(c.valueN)), make([]float64, len(c.valueN))
	for i := range walks {
		walks[i] = 1
	}
	for range longestPath {
		total := 0.0
		for i := range walks {
			next[i] = 0
			for _, nb := range c.m.Neighbors(i) {
				if c.m.Atoms()[i].Number != 1 && c.m.Atoms()[nb.Atom].Number != 1 {
					next[i] += walks[nb.Atom]
				}
			}
			total += next[i]
		}
		if total > manyWalks {
			return true
		}
		walks, next = next, walks
	}
	return false
}

// byFormulas sets the sums of the paths of 2 to 4 bonds from sums over atoms, bonds, rings of three and rings of four.
func (c *paths) byFormulas() {
	ones := make([]float64, len(c.valueN))
	for i := range ones {
		ones[i] = 1
	}
	s := newPathSums(c)
	for _, x := range []struct {
		w  []float64
		to *[longestPath + 1]float64
	}{{c.valueN, &c.n}, {c.valueV, &c.v}, {ones, &c.count}} {
		x.to[2], x.to[3], x.to[4] = s.of(x.w)
	}
}

// pathSums is the graph of heavy atoms.
type pathSums struct {
	neighbours [][]int32
	order      []int32 // atoms, those with the most neighbours first
	place      []int32 // by atom: its index in order
}

func newPathSums(c *paths) *pathSums {
	atoms := c.m.Atoms()
	s := &pathSums{neighbours: make([][]int32, len(atoms)), place: make([]int32, len(atoms))}
	for i := range atoms {
		s.order = append(s.order, int32(i))
		for _, nb := range c.m.Neighbors(i) {
			if atoms[i].Number != 1 && atoms[nb.Atom].Number != 1 {
				s.neighbours[i] = append(s.neighbours[i], nb.Atom)
			}
		}
	}
	slices.SortStableFunc(s.order, func(a, b int32) int { return cmp.Compare(len(s.neighbours[b]), len(s.neighbours[a])) })
	for k, i := range s.order {
		s.place[i] = int32(k)
	}
	return s
}

// of returns the sums of the products of w over paths of 2, 3 and 4 bonds, with the closed ones that extend counts.
func (s *pathSums) of(w []float64) (two, three, four float64) {
	sum := make([]float64, len(w)) // of w over the neighbours
	for i, all := range s.neighbours {
		for _, j := range all {
			sum[i] += w[j]
		}
	}
	for k, all := range s.neighbours {
		squares, x, y := 0.0, 0.0, 0.0
		for _, j := range all {
			squares += w[j] * w[j]
			further := w[j] * (sum[j] - w[k]) // one bond more on the side of j
			x += further
			y += further * further
			if int32(k) < j {
				three += w[k] * further * (sum[k] - w[j])
			}
		}
		two += w[k] * (sum[k]*sum[k] - squares) / 2
		four += w[k] * (x*x - y) / 2 // j and l may be neighbours, and the ends one atom: corrected below
	}
	s.triangles(func(a, b, c int32) {
		product := w[a] * w[b] * w[c]
		// Paths of three bonds whose ends are one atom are not paths, and the ring itself counts as one.
		three += product * (1 - w[a] - w[b] - w[c])
		for _, t := range [3][3]int32{{a, b, c}, {b, a, c}, {c, a, b}} {
			k, j, l := t[0], t[1], t[2]
			four += product * (w[j]*w[l] - w[j]*(sum[j]-w[k]) - w[l]*(sum[l]-w[k])) // the path may not go from j to l or back
			four += product * w[k] * (sum[k] - w[j] - w[l])                         // an atom next to the ring
		}
	})
	return two, three, four + s.squares(w)
}

// triangles calls f for each ring of three atoms.
func (s *pathSums) triangles(f func(a, b, c int32)) {
	marked := make([]bool, len(s.place))
	for _, v := range s.order {
		for _, u := range s.neighbours[v] {
			marked[u] = s.place[u] > s.place[v]
		}
		for _, u := range s.neighbours[v] {
			if s.place[u] < s.place[v] {
				continue
			}
			for _, x := range s.neighbours[u] {
				if marked[x] && s.place[x] > s.place[u] {
					f(v, u, x)
				}
			}
		}
		for _, u := range s.neighbours[v] {
			marked[u] = false
		}
	}
}

// squares returns what rings of four add to the sum of the paths of four bonds: each counts once, and walks around it that begin and end at
// one atom do not count, though the sum over pairs of neighbours has them. Each ring is met at the first of its atoms in order, from
// which the others are at most two bonds away (Chiba and Nishizeki 1985).
func (s *pathSums) squares(w []float64) (total float64) {
	type moments struct{ one, two, three float64 }
	common := make([]moments, len(w)) // by atom: sums over the atoms between it and v
	for _, v := range s.order {
		for pass := range 2 {
			for _, u := range s.neighbours[v] {
				if s.place[u] < s.place[v] {
					continue
				}
				for _, x := range s.neighbours[u] {
					if s.place[x] <= s.place[v] {
						continue
					}
					m := &common[x]
					if pass == 0 {
						p := w[u]
						m.one, m.two, m.three = m.one+p, m.two+p*p, m.three+p*p*p
						continue
					}
					pairs := (m.one*m.one - m.two) / 2
					total += w[v] * w[x] * (pairs*(1-w[v]-w[x]) - (m.one*m.two - m.three))
					*m = moments{}
				}
			}
		}
	}
	return total
}
