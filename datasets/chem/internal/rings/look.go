package rings

import "slices"

// clear forgets the atoms reached.
func (s *ringSearch) clear() {
	for _, v := range s.queue {
		s.depth[v] = -1
	}
	s.work -= len(s.queue)
	s.queue = s.queue[:0]
}

// look searches breadth-first from root. It adds the smallest rings through root or, if all is set, the ring that each
// bond outside the tree closes. The rings seen are in s.hits.
func (s *ringSearch) look(root int32, all bool) {
	s.hits = s.hits[:0]
	s.clear()
	s.queue = append(s.queue, root)
	s.depth[root], s.parent[root], s.branch[root], s.place[root] = 0, -1, root, 0
	smallest := int32(1 << 30)
	for k := 0; k < len(s.queue); k++ {
		v := s.queue[k]
		if !all && s.depth[v]+1 > smallest {
			return
		}
		for _, e := range s.w.g.Neighbors(v) {
			u := e.Atom
			if s.live[e.Bond] == 0 || u == s.parent[v] {
				continue
			}
			if s.depth[u] < 0 {
				s.depth[u], s.parent[u], s.branch[u] = s.depth[v]+1, v, s.branch[v]
				if v == root {
					s.branch[u] = u
				}
				s.place[u] = int32(len(s.queue))
				s.queue = append(s.queue, u)
				continue
			}
			if s.place[u] < int32(k) {
				continue // seen from the other end
			}
			switch size := s.depth[u] + s.depth[v] + 1; {
			case all:
				s.add(u, v)
			case s.branch[u] == s.branch[v]:
			case size <= smallest:
				smallest = size
				s.add(u, v)
			default:
				return
			}
		}
	}
}

// add appends the ring that the bond between u and v closes in the breadth-first tree, unless it is known.
func (s *ringSearch) add(u, v int32) {
	begin, row := len(s.atoms), len(s.bonds)
	for range s.words {
		s.bonds = append(s.bonds, 0)
	}
	bonds := s.bonds[row:]
	s.mark(bonds, u, v)
	s.tail = s.tail[:0]
	for u != v {
		if s.depth[u] >= s.depth[v] {
			s.atoms = append(s.atoms, u)
			s.mark(bonds, u, s.parent[u])
			u = s.parent[u]
		} else {
			s.tail = append(s.tail, v)
			s.mark(bonds, v, s.parent[v])
			v = s.parent[v]
		}
	}
	s.atoms = append(s.atoms, u)
	slices.Reverse(s.tail)
	s.atoms = append(s.atoms, s.tail...)
	c := candidate{begin: int32(begin), end: int32(len(s.atoms)), row: int32(row), number: int32(len(s.rings))}
	for _, x := range bonds {
		c.hash = (c.hash ^ x) * 0x9e3779b97f4a7c15
		c.hash ^= c.hash >> 29
	}
	if k := s.known(c); k >= 0 {
		s.atoms, s.bonds = s.atoms[:begin], s.bonds[:row]
		s.hits = append(s.hits, k)
		return
	}
	s.hits = append(s.hits, int32(len(s.rings)))
	s.rings = append(s.rings, c)
}

// known returns the index of a ring with the same bonds, -1 if there is none.
func (s *ringSearch) known(c candidate) int32 {
	for ; len(s.rings) > maxScan && s.indexed < len(s.rings); s.indexed++ {
		s.index[s.rings[s.indexed].hash] = int32(s.indexed)
	}
	if len(s.rings) > maxScan {
		if k, ok := s.index[c.hash]; !ok || s.same(k, c) {
			if !ok {
				return -1
			}
			return k
		}
	}
	for k := range s.rings {
		if s.same(int32(k), c) {
			return int32(k)
		}
	}
	return -1
}

func (s *ringSearch) same(k int32, c candidate) bool {
	return int(k) < len(s.rings) && s.rings[k].hash == c.hash && slices.Equal(s.row(s.rings[k]), s.row(c))
}

func (s *ringSearch) mark(bonds []uint64, u, v int32) {
	k := s.bit[s.w.g.Between(u, v)]
	bonds[k/64] |= 1 << (k % 64)
}

func (c candidate) size() int32 { return c.end - c.begin }

// row is the bit set of a ring's bonds.
func (s *ringSearch) row(c candidate) []uint64 { return s.bonds[c.row : int(c.row)+s.words] }
