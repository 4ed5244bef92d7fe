package depict

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Point is a place in the plane, in lengths of a bond. Y grows upwards.
type Point struct{ X, Y float64 }

// Layout returns coordinates for the atoms of a molecule. Rings are regular polygons, as far as they can be, and chains have angles
// of 120 degrees. The parts of a salt stand side by side. It is the same in every run.
func Layout(m *chem.Mol) []Point {
	l := newLayout(m)
	var parts []part
	for _, atoms := range l.components() {
		l.place(atoms)
		l.untangle(atoms)
		l.orient(atoms)
		parts = append(parts, l.part(atoms))
	}
	l.pack(parts)
	points := make([]Point, len(l.at))
	for i, z := range l.at {
		points[i] = Point{real(z), imag(z)}
	}
	return points
}

// layout is the state of a drawing. Points are complex numbers, so that rotations are products.
type layout struct {
	m       *chem.Mol
	at      []complex128
	placed  []bool
	systems []*system
	system  []int // of each atom, -1 outside rings
	now     []int // the atoms of the component that is drawn
	branch  []int // size of what hangs on an atom, seen from where the drawing comes from
}

func newLayout(m *chem.Mol) *layout {
	n := len(m.Atoms())
	l := &layout{m: m, at: make([]complex128, n), placed: make([]bool, n), system: make([]int, n), branch: make([]int, n)}
	for i := range l.system {
		l.system[i] = -1
	}
	l.findSystems()
	return l
}

// components returns the atoms of each component, the largest component first.
func (l *layout) components() (all [][]int) {
	for _, c := range l.m.Components() {
		part := make([]int, len(c))
		for k, i := range c {
			part[k] = int(i)
		}
		all = append(all, part)
	}
	slices.SortStableFunc(all, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// place gives the atoms of a component coordinates, from its largest ring system or an end of its longest chain outwards.
func (l *layout) place(atoms []int) {
	l.now = atoms
	start, best := -1, 0
	for _, i := range atoms {
		if s := l.system[i]; s >= 0 && len(l.systems[s].atoms) > best {
			start, best = i, len(l.systems[s].atoms)
		}
	}
	if start < 0 {
		start = l.farthest(l.farthest(atoms[0]))
		l.at[start], l.placed[start] = 0, true
	} else {
		s := l.systems[l.system[start]]
		for k, i := range s.atoms {
			l.at[i], l.placed[i] = s.at[k], true
		}
	}
	l.weigh(start)
	var queue []int
	for _, i := range atoms {
		if l.placed[i] {
			queue = append(queue, i)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		queue = append(queue, l.grow(queue[0])...)
	}
}

// farthest returns an atom that is the most bonds away.
func (l *layout) farthest(from int) int {
	seen, queue := map[int]bool{from: true}, []int{from}
	for k := 0; k < len(queue); k++ {
		for _, nb := range l.m.Neighbors(queue[k]) {
			if j := int(nb.Atom); !seen[j] {
				seen[j] = true
				queue = append(queue, j)
			}
		}
	}
	return queue[len(queue)-1]
}

// weigh computes the sizes of branches, on a spanning tree from start.
func (l *layout) weigh(start int) {
	parent, order := map[int]int{start: -1}, []int{start}
	for k := 0; k < len(order); k++ {
		for _, nb := range l.m.Neighbors(order[k]) {
			j := int(nb.Atom)
			if _, seen := parent[j]; !seen {
				parent[j] = order[k]
				order = append(order, j)
			}
		}
	}
	for k := len(order) - 1; k > 0; k-- {
		l.branch[order[k]]++
		l.branch[parent[order[k]]] += l.branch[order[k]]
	}
}

// grow places the neighbours of a placed atom, with the ring systems that they belong to, and returns the atoms that are new.
func (l *layout) grow(i int) (added []int) {
	var open []int
	var taken []float64 // directions of bonds
	for _, nb := range l.m.Neighbors(i) {
		if j := int(nb.Atom); l.placed[j] {
			taken = append(taken, cmplx.Phase(l.at[j]-l.at[i]))
		} else if !slices.Contains(open, j) {
			open = append(open, j)
		}
	}
	slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(l.branch[b], l.branch[a]) })
	free := l.directions(i, taken, len(open))
	for _, j := range open {
		if l.placed[j] { // with the ring system of another neighbour
			continue
		}
		best := l.choose(i, j, free)
		added = append(added, l.attach(i, j, free[best])...)
		free = slices.Delete(free, best, best+1)
	}
	return added
}

// directions returns n directions for new bonds of an atom.
func (l *layout) directions(i int, taken []float64, n int) (free []float64) {
	switch {
	case n == 0:
		return nil
	case len(taken) == 0:
		for k := range n {
			free = append(free, math.Pi/6+2*math.Pi*float64(k)/float64(max(3, n)))
		}
		if n == 2 && l.straight(i) {
			free[1] = free[0] + math.Pi
		}
		return free
	case len(taken) == 1 && n == 1 && !l.straight(i): // both sides of a zigzag
		return []float64{taken[0] + 2*math.Pi/3, taken[0] - 2*math.Pi/3}
	case len(taken) == 1:
		first, step := math.Pi, 0.0
		if n > 1 {
			step = 2 * math.Pi / float64(n+1)
			first = step
		}
		for k := range n {
			free = append(free, taken[0]+first+float64(k)*step)
		}
		return free
	}
	slices.Sort(taken)
	at, gap := 0.0, 0.0 // the widest gap
	for k, a := range taken {
		next := taken[0] + 2*math.Pi
		if k+1 < len(taken) {
			next = taken[k+1]
		}
		if next-a > gap+1e-9 {
			at, gap = a, next-a
		}
	}
	for k := range n {
		free = append(free, at+gap*float64(k+1)/float64(n+1))
	}
	return free
}

// straight reports whether the bonds of an atom with two neighbours lie on a line: a triple bond, or two double bonds.
func (l *layout) straight(i int) bool {
	double, triple := 0, 0
	for _, nb := range l.m.Neighbors(i) {
		switch l.m.Bonds()[nb.Bond].Order {
		case 2:
			double++
		case 3, 4:
			triple++
		}
	}
	return triple > 0 || double > 1 && l.m.Degree(i) == 2
}

// choose returns the direction in which there is most room for a neighbour j of i, where a chain goes on in zigzag if there is as much.
func (l *layout) choose(i, j int, free []float64) int {
	best, least := 0, math.Inf(1)
	for k, d := range free {
		here := l.at[i] + cmplx.Rect(1, d)
		beyond := l.at[i] + cmplx.Rect(2, d)
		crowd := 0.0
		for _, a := range l.now {
			if l.placed[a] && a != i {
				crowd += 1/(0.05+sq(l.at[a]-here)) + 0.7/(0.05+sq(l.at[a]-beyond))
			}
		}
		if crowd < least-1e-9 {
			best, least = k, crowd
		}
	}
	return best
}

func sq(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }

// attach places atom j at a direction from i, with its ring system, and returns the atoms that are new.
func (l *layout) attach(i, j int, direction float64) []int {
	l.at[j] = l.at[i] + cmplx.Rect(1, direction)
	if l.system[j] < 0 {
		l.placed[j] = true
		return []int{j}
	}
	s := l.systems[l.system[j]]
	k := slices.Index(s.atoms, j)
	outward := l.outward(s, k)
	// The system is turned so that the bond to i leaves it outwards, and mirrored if there is more room then.
	turn := cmplx.Rect(1, direction+math.Pi-outward)
	axis := cmplx.Rect(1, direction)
	var options [2][]complex128
	var crowd [2]float64
	for o := range options {
		for _, z := range s.at {
			p := (z - s.at[k]) * turn
			if o == 1 {
				p = cmplx.Conj(p/axis) * axis
			}
			p += l.at[j]
			options[o] = append(options[o], p)
			for _, a := range l.now {
				if l.placed[a] && a != i {
					crowd[o] += 1 / (0.05 + sq(l.at[a]-p))
				}
			}
		}
	}
	best := options[0]
	if crowd[1] < crowd[0]-1e-9 {
		best = options[1]
	}
	for k, a := range s.atoms {
		l.at[a], l.placed[a] = best[k], true
	}
	return s.atoms
}

// outward returns the direction of a bond that leaves a ring system at its atom k.
func (l *layout) outward(s *system, k int) float64 {
	var taken []float64
	inside := 0
	for _, nb := range l.m.Neighbors(s.atoms[k]) {
		if other := slices.Index(s.atoms, int(nb.Atom)); other >= 0 {
			taken = append(taken, cmplx.Phase(s.at[other]-s.at[k]))
			inside++
		}
	}
	n := max(1, l.m.Degree(s.atoms[k])-inside)
	return l.directions(s.atoms[k], taken, n)[0]
}
