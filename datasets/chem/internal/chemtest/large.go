package chemtest

// Shape is a graph of about n atoms, for any n.
type Shape struct {
	Name  string
	bonds func(n int) [][2]int
}

// Graph returns the number of atoms and the bonds.
func (s Shape) Graph(n int) (atoms int, bonds [][2]int) {
	bonds = s.bonds(n)
	for _, b := range bonds {
		atoms = max(atoms, b[0]+1, b[1]+1)
	}
	return atoms, bonds
}

// Grown are shapes. Refinement alone cannot tell all their atoms apart.
var Grown = []Shape{
	{"ring", func(n int) [][2]int { return beads(1, n, 0, true) }},
	{"chain", func(n int) [][2]int { return beads(1, n, 0, false) }},
	{"ladder", func(n int) [][2]int { return ladder(n/2, false) }},
	{"prism", func(n int) [][2]int { return ladder(n/2, true) }},
	{"rings in a chain", func(n int) [][2]int { return beads(6, n/6, 3, false) }},
	{"rings in a ring", func(n int) [][2]int { return beads(6, n/6, 3, true) }},
	{"crooked rings in a ring", func(n int) [][2]int { return beads(6, n/6, 2, true) }},
	{"rings on a ring", func(n int) [][2]int { return comb(n / 7) }},
	{"square net on a torus", func(n int) [][2]int { return Cycle(n, n/9) }},
	{"tree", func(n int) [][2]int {
		var bonds [][2]int
		for i := 1; i < n; i++ {
			bonds = append(bonds, [2]int{i, (i - 1) / 3})
		}
		return bonds
	}},
	{"star of rings", func(n int) [][2]int {
		bonds := beads(6, n/6, 0, false)
		for k := range bonds { // each ring is bonded to the first atom of the first one by the bond that led to the one before
			if b := &bonds[k]; b[0]/6 != b[1]/6 {
				b[0] = (b[1]/6 - 1) / 4 * 6
				b[0] += 1 + (b[1]/6-1)%4
			}
		}
		return bonds
	}},
}

// beads are k rings of size atoms, or single atoms, each bonded to the next by its atom out. closed bonds the last to the first.
func beads(size, k, out int, closed bool) (bonds [][2]int) {
	for i := range k {
		for j := range size {
			if size > 1 {
				bonds = append(bonds, [2]int{size*i + j, size*i + (j+1)%size})
			}
		}
		if i < k-1 || closed {
			bonds = append(bonds, [2]int{size*i + out, size * ((i + 1) % k)})
		}
	}
	return bonds
}

// ladder has k rungs.
func ladder(k int, closed bool) (bonds [][2]int) {
	for i := range k {
		bonds = append(bonds, [2]int{2 * i, 2*i + 1})
		if i < k-1 || closed {
			next := (i + 1) % k
			bonds = append(bonds, [2]int{2 * i, 2 * next}, [2]int{2*i + 1, 2*next + 1})
		}
	}
	return bonds
}

// comb is a ring of k atoms, each with a ring of six.
func comb(k int) (bonds [][2]int) {
	for i := range k {
		bonds = append(bonds, [2]int{7 * i, 7 * ((i + 1) % k)}, [2]int{7 * i, 7*i + 1})
		for j := range 6 {
			bonds = append(bonds, [2]int{7*i + 1 + j, 7*i + 1 + (j+1)%6})
		}
	}
	return bonds
}
