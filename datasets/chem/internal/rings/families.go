package rings

import "github.com/selfnorm/selfnorm/datasets/chem/internal/graph"

// family stands for the rings that consist of a shortest path from root to each of two ends, and of the bond between the ends or their bonds
// to the atom top (Vismara, Electron. J. Combin. 1997, 4, R9). No atom of them comes after root in the order of s.number.
type family struct {
	root, left, right, top int32 // top is -1 if the ends are neighbours
	size                   int32
	row                    int32 // in bonds: the bit set of one of the rings
}

// findFamilies lists the families among which are those of all relevant rings. It reports false if there are too many.
func (s *ringSearch) findFamilies() bool {
	s.families = s.families[:0]
	number := graph.Fill(&s.number, s.w.g.Len(), 0) // atoms that branch come last: each ring has one
	next := int32(1)
	for _, branches := range []bool{false, true} {
		for _, v := range s.w.system {
			if (s.degree[v] > 2) == branches {
				number[v] = next
				next++
			}
		}
	}
	for _, root := range s.w.system {
		if s.degree[root] < 3 {
			continue
		}
		s.reach(root)
		for _, y := range s.queue[1:] {
			s.addFamilies(root, y)
		}
		if len(s.families) > maxFamilies {
			return false
		}
	}
	return true
}

// reach searches breadth-first from root and keeps the atoms to which a shortest path goes through atoms before root.
func (s *ringSearch) reach(root int32) {
	s.clear()
	far := graph.Fill(&s.far, s.w.g.Len(), -1)
	far[root] = 0
	s.tail = append(s.tail[:0], root)
	for k := 0; k < len(s.tail); k++ {
		v := s.tail[k]
		for _, e := range s.w.g.Neighbors(v) {
			if s.live[e.Bond] == 1 && far[e.Atom] < 0 {
				far[e.Atom] = far[v] + 1
				s.tail = append(s.tail, e.Atom)
			}
		}
	}
	s.queue = append(s.queue, root)
	s.depth[root], s.parent[root], s.branch[root] = 0, -1, root
	for k := 0; k < len(s.queue); k++ {
		v := s.queue[k]
		for _, e := range s.w.g.Neighbors(v) {
			u := e.Atom
			if s.live[e.Bond] == 0 || s.depth[u] >= 0 || s.number[u] > s.number[root] || far[u] != s.depth[v]+1 {
				continue
			}
			s.depth[u], s.parent[u], s.branch[u] = far[u], v, s.branch[v]
			if v == root {
				s.branch[u] = u
			}
			s.queue = append(s.queue, u)
		}
	}
}

// addFamilies adds the families whose rings have y farthest from root, or the bond of y and another atom.
func (s *ringSearch) addFamilies(root, y int32) {
	near := s.w.g.Neighbors(y)
	for k, e := range near {
		z := e.Atom
		if s.live[e.Bond] == 0 || s.depth[z] < 0 {
			continue
		}
		if s.depth[z] == s.depth[y] && z < y && s.branch[z] != s.branch[y] {
			s.addFamily(family{root: root, left: y, right: z, top: -1, size: 2*s.depth[y] + 1})
		}
		if s.depth[z] != s.depth[y]-1 {
			continue
		}
		for _, f := range near[k+1:] {
			x := f.Atom
			if s.live[f.Bond] == 1 && s.depth[x] == s.depth[z] && s.branch[x] != s.branch[z] {
				s.addFamily(family{root: root, left: z, right: x, top: y, size: 2 * s.depth[y]})
			}
		}
	}
}

func (s *ringSearch) addFamily(f family) {
	f.row = int32(len(s.bonds))
	for range s.words {
		s.bonds = append(s.bonds, 0)
	}
	row := s.bonds[f.row:]
	if f.top < 0 {
		s.mark(row, f.left, f.right)
	} else {
		s.mark(row, f.left, f.top)
		s.mark(row, f.right, f.top)
	}
	for _, v := range []int32{f.left, f.right} {
		for ; v != f.root; v = s.parent[v] {
			s.mark(row, v, s.parent[v])
		}
	}
	s.families = append(s.families, f)
}
