package depict

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
)

// relaxSteps bounds the work for one block, in pairs of atoms, and untangledAtoms the components that are untangled.
const relaxSteps, untangledAtoms = 8_000_000, 300

// relaxed returns coordinates for rings that bridge each other, which no regular polygons can draw: those with the least stress, the sum of squared
// differences from the distances that one would like, after Kamada and Kawai 1989, "An algorithm for drawing general undirected graphs".
func (l *layout) relaxed(b block) []complex128 {
	want := l.wanted(b)
	total := relaxSteps / (len(b.atoms) * len(b.atoms))
	starts := min(12, max(1, total/100))
	rounds := min(400, max(5, total/starts))
	var best []complex128
	least := math.Inf(1)
	for s := range starts {
		at := scattered(len(b.atoms), uint64(s))
		for range rounds {
			settle(at, want)
		}
		if v := stress(at, want); v < least-1e-6 {
			best, least = at, v
		}
	}
	return best
}

// wanted returns the distances that two atoms of a block should have: in a small ring those of a regular polygon, otherwise by their bonds.
func (l *layout) wanted(b block) [][]float64 {
	n := len(b.atoms)
	index := map[int]int{}
	for k, i := range b.atoms {
		index[i] = k
	}
	want := make([][]float64, n)
	for k := range want {
		want[k] = make([]float64, n)
		queue := []int{k}
		bonds := map[int]int{k: 0}
		for q := 0; q < len(queue); q++ {
			for _, nb := range l.m.Neighbors(b.atoms[queue[q]]) {
				j, ok := index[int(nb.Atom)]
				if _, seen := bonds[j]; ok && !seen {
					bonds[j] = bonds[queue[q]] + 1
					queue = append(queue, j)
				}
			}
		}
		for j, d := range bonds {
			want[k][j] = []float64{0, 1, math.Sqrt(3), 2.5}[min(d, 3)] + 0.85*float64(max(0, d-3))
		}
	}
	for _, r := range b.rings {
		if len(r) > 8 {
			continue
		}
		shape := polygon(len(r))
		for x, i := range r {
			for y, j := range r {
				want[index[i]][index[j]] = cmplx.Abs(shape[x] - shape[y])
			}
		}
	}
	return want
}

// scattered returns points near a circle, others for each seed.
func scattered(n int, seed uint64) []complex128 {
	r := rand.New(rand.NewPCG(seed, 1))
	at := make([]complex128, n)
	for k := range at {
		at[k] = cmplx.Rect(float64(n)/6, 2*math.Pi*(float64(k)/float64(n)))
		if seed > 0 {
			at[k] = cmplx.Rect(float64(n)/6*math.Sqrt(r.Float64()), 2*math.Pi*r.Float64())
		}
	}
	return at
}

func weightOf(d float64) float64 {
	if d <= 1 {
		return 6
	}
	return 1 / (d * d)
}

// settle moves each point to the mean of the places that the others want it to have.
func settle(at []complex128, want [][]float64) {
	for k := range at {
		var sum complex128
		total := 0.0
		for j, z := range at {
			if j == k || want[k][j] == 0 {
				continue
			}
			w := weightOf(want[k][j])
			sum += complex(w, 0) * (z + complex(want[k][j], 0)*unit(at[k]-z))
			total += w
		}
		if total > 0 {
			at[k] = sum / complex(total, 0)
		}
	}
}

func stress(at []complex128, want [][]float64) (sum float64) {
	for k := range at {
		for j := range k {
			if d := want[k][j]; d > 0 {
				e := cmplx.Abs(at[k]-at[j]) - d
				sum += weightOf(d) * e * e
				if c := cmplx.Abs(at[k] - at[j]); c < 0.6 { // atoms on top of each other cannot be told apart
					sum += 10 * (0.6 - c)
				}
			}
		}
	}
	return sum
}

// untangle mirrors and bends branches at bonds outside rings as long as that makes room.
func (l *layout) untangle(atoms []int) {
	if len(atoms) > untangledAtoms || len(atoms) < 5 {
		return
	}
	sides := l.branches(atoms)
	for _, bent := range []bool{false, true} {
		for range 6 {
			better := false
			for _, s := range sides {
				better = l.improve(s, bent) || better
			}
			if !better {
				break
			}
		}
	}
}

// side is a branch: the atoms beyond a bond outside rings, and bonds inside it.
type side struct {
	inner, outer int
	atoms, rest  []int
	own, others  []int // bonds: with an end in the branch, and without
}

// branches returns the smaller side of each bond outside rings.
func (l *layout) branches(atoms []int) (all []side) {
	component := l.bondsOf(atoms)
	for _, k := range component {
		b := l.m.Bonds()[k]
		if b.InRing {
			continue
		}
		s := side{inner: int(b.Begin), outer: int(b.End)}
		s.atoms = l.beyond(s.inner, s.outer)
		if 2*len(s.atoms) > len(atoms) {
			s.inner, s.outer = s.outer, s.inner
			s.atoms = l.beyond(s.inner, s.outer)
		}
		inside := make([]bool, len(l.at))
		for _, i := range s.atoms {
			inside[i] = true
		}
		for _, i := range atoms {
			if !inside[i] {
				s.rest = append(s.rest, i)
			}
		}
		for _, k := range component {
			if b := l.m.Bonds()[k]; inside[b.Begin] || inside[b.End] {
				s.own = append(s.own, k)
			} else {
				s.others = append(s.others, k)
			}
		}
		all = append(all, s)
	}
	return all
}

// bondsOf returns the bonds of a component.
func (l *layout) bondsOf(atoms []int) (all []int) {
	in := make([]bool, len(l.at))
	for _, i := range atoms {
		in[i] = true
	}
	for k, b := range l.m.Bonds() {
		if in[b.Begin] {
			all = append(all, k)
		}
	}
	return all
}

// beyond returns the atoms that one reaches from j without i.
func (l *layout) beyond(i, j int) []int {
	seen, queue := map[int]bool{i: true, j: true}, []int{j}
	for k := 0; k < len(queue); k++ {
		for _, nb := range l.m.Neighbors(queue[k]) {
			if a := int(nb.Atom); !seen[a] {
				seen[a] = true
				queue = append(queue, a)
			}
		}
	}
	return queue
}

// improve mirrors a branch at its bond, or bends it, if that is better.
func (l *layout) improve(s side, bent bool) bool {
	now := l.tangle(s)
	if now == 0 {
		return false
	}
	origin := l.at[s.inner]
	axis := unit(l.at[s.outer] - origin)
	moves := []func(complex128) complex128{func(z complex128) complex128 { return cmplx.Conj(z/axis) * axis }}
	if bent {
		moves = nil
		for _, degrees := range []float64{15, -15, 30, -30, 60, -60, 90, -90, 120, -120} {
			turn := cmplx.Rect(1, degrees*math.Pi/180)
			moves = append(moves, func(z complex128) complex128 { return z * turn })
		}
	}
	old := make([]complex128, len(s.atoms))
	for k, a := range s.atoms {
		old[k] = l.at[a]
	}
	for k, move := range moves {
		for x, a := range s.atoms {
			l.at[a] = move(old[x]-origin) + origin
		}
		price := 0.0
		if bent {
			price = 0.05 * float64(1+k/2)
		}
		if l.tangle(s)+price < now-1e-9 {
			return true
		}
	}
	for k, a := range s.atoms {
		l.at[a] = old[k]
	}
	return false
}

// tangle is a measure of how close a branch comes to what it should not: 0 without faults.
func (l *layout) tangle(s side) (sum float64) {
	const near = 0.85
	for _, i := range s.atoms {
		for _, j := range s.rest {
			if d := sq(l.at[i] - l.at[j]); d < near*near && l.m.BondBetween(i, j) < 0 {
				sum += near - math.Sqrt(d)
			}
		}
	}
	bonds := l.m.Bonds()
	for _, x := range s.own {
		a, b := bonds[x].Begin, bonds[x].End
		for _, y := range s.others {
			c, d := bonds[y].Begin, bonds[y].End
			if a != c && a != d && b != c && b != d && crossing(l.at[a], l.at[b], l.at[c], l.at[d]) {
				sum++
			}
		}
	}
	return sum
}

// crossing reports whether the lines from a to b and from c to d cross.
func crossing(a, b, c, d complex128) bool {
	turn := func(p, q, r complex128) float64 { return imag(cmplx.Conj(q-p) * (r - p)) }
	return turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0
}
