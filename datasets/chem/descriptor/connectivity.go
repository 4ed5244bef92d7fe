package descriptor

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
)

// connectivityBlock holds the connectivity indices chi (Hall and Kier 1991, "The molecular connectivity chi indexes and
// kappa shape indexes in structure-property modeling", Rev. Comput. Chem. 2, 367) from degrees, from valence electrons
// ("v") and from valence electrons without regard to the period ("n"), and the shape indices kappa.
var connectivityBlock = block{
	[]string{
		"Chi0", "Chi1", "Chi0n", "Chi1n", "Chi2n", "Chi3n", "Chi4n", "Chi0v", "Chi1v", "Chi2v", "Chi3v", "Chi4v",
		"HallKierAlpha", "Kappa1", "Kappa2", "Kappa3",
	},
	func(p *profile, values []float64) {
		values[0], values[1] = degreeChi(p.m)
		paths := &p.paths
		paths.reset(p.m, &p.space)
		copy(values[2:7], paths.n[:])
		copy(values[7:12], paths.v[:])
		alpha := hallKierAlpha(p.m, p.hybrids)
		atoms := float64(p.heavy)
		values[12] = alpha
		values[13] = kappa(atoms+alpha, atoms+alpha-1, float64(len(p.m.Bonds()))+alpha)
		values[14] = kappa(atoms+alpha-1, atoms+alpha-2, paths.count[2]+alpha)
		first := atoms + alpha - 1
		if p.heavy%2 == 0 {
			first = atoms + alpha - 2
		}
		values[15] = kappa(first, atoms+alpha-3, paths.count[3]+alpha)
	},
}

func kappa(a, b, paths float64) float64 {
	if paths == 0 {
		return 0
	}
	return a * b * b / (paths * paths)
}

// degreeChi returns the indices of order 0 and 1 from the numbers of neighbours.
func degreeChi(m *chem.Mol) (chi0, chi1 float64) {
	for i := range m.Atoms() {
		if d := m.Degree(i); d > 0 {
			chi0 += 1 / math.Sqrt(float64(d))
		}
	}
	for _, b := range m.Bonds() {
		chi1 += 1 / math.Sqrt(float64(m.Degree(int(b.Begin))*m.Degree(int(b.End))))
	}
	return chi0, chi1
}

const longestPath = 4

// paths sums products of atom values over all paths of 0 to 4 bonds. As in RDKit, a path may end on one of its own atoms:
// rings of 3 and 4 atoms count as paths of as many bonds, and so does an atom with a ring of 3 next to it.
// Hydrogen atoms of the graph are left out of paths of 2 bonds and more.
type paths struct {
	m              *chem.Mol
	valueN, valueV []float64
	n, v, count    [longestPath + 1]float64
}

func (c *paths) reset(m *chem.Mol, s *space) {
	*c = paths{m: m, valueN: s.zeros(len(m.Atoms())), valueV: s.zeros(len(m.Atoms()))}
	for i := range m.Atoms() {
		c.valueN[i], c.valueV[i] = chiValues(&m.Atoms()[i])
		c.n[0] += c.valueN[i]
		c.v[0] += c.valueV[i]
	}
	for _, b := range m.Bonds() {
		c.n[1] += c.valueN[b.Begin] * c.valueN[b.End]
		c.v[1] += c.valueV[b.Begin] * c.valueV[b.End]
	}
	if c.hasManyWalks() {
		c.byFormulas()
		return
	}
	c.enumerate()
}

// enumerate adds all paths of 2 bonds and more, one after another.
func (c *paths) enumerate() {
	m := c.m
	var path [longestPath + 1]int32
	for i := range m.Atoms() {
		if m.Atoms()[i].Number != 1 {
			path[0] = int32(i)
			c.extend(path[:1], c.valueN[i], c.valueV[i])
		}
	}
}

// chiValues returns the contributions of an atom: the inverse square root of its valence electrons less hydrogens (n)
// and of the same divided by the inner electrons of elements beyond neon (v). Where there are more hydrogens than
// electrons, as in a borohydride, the difference wraps around at 2^32 as in RDKit, so the contribution is about 0.
func chiValues(a *chem.Atom) (n, v float64) {
	outer := int(element.Table[a.Number].Outer)
	electrons := float64(uint32(outer - int(a.Hs)))
	if electrons == 0 {
		return 0, 0
	}
	n = 1 / math.Sqrt(electrons)
	switch {
	case a.Number <= 1:
		return n, 0
	case a.Number <= 10:
		return n, n
	}
	return n, 1 / math.Sqrt(electrons/float64(int(a.Number)-outer-1))
}

// extend adds all paths that begin with path, whose products are n and v. Each path is met from both its ends, each
// ring from all its atoms in both directions, so they count in fractions.
func (c *paths) extend(path []int32, n, v float64) {
	bonds := len(path)
	for _, nb := range c.m.Neighbors(int(path[bonds-1])) {
		if c.m.Atoms()[nb.Atom].Number == 1 {
			continue
		}
		switch at := slices.Index(path, nb.Atom); {
		case at == 0 && bonds >= 3: // a ring
			c.add(bonds, n, v, 1/float64(2*bonds))
			continue
		case at == 1 && bonds == 4: // an atom on a ring of three; its neighbour in the ring counts twice
			c.add(bonds, n*c.valueN[nb.Atom], v*c.valueV[nb.Atom], 0.5)
			continue
		case at >= 0:
			continue
		}
		n, v := n*c.valueN[nb.Atom], v*c.valueV[nb.Atom]
		if bonds > 1 {
			c.add(bonds, n, v, 0.5)
		}
		if bonds < longestPath {
			c.extend(append(path, nb.Atom), n, v)
		}
	}
}

func (c *paths) add(bonds int, n, v, share float64) {
	c.n[bonds] += share * n
	c.v[bonds] += share * v
	c.count[bonds] += share
}

// hallKierAlpha sums how much larger or smaller the atoms are than sp3 carbon (Hall and Kier 1991, table 3); elements
// that the table does not list count by their bond radius.
func hallKierAlpha(m *chem.Mol, hybrids []hybrid.Hybrid) float64 {
	sum := 0.0
	for i := range m.Atoms() {
		switch number := m.Atoms()[i].Number; number {
		case 0, 1:
		case 6:
			sum += byHybrid(hybrids[i], -0.22, -0.13, 0)
		case 7:
			sum += byHybrid(hybrids[i], -0.29, -0.20, -0.04)
		case 8:
			sum += byHybrid(hybrids[i], -0.04, -0.20, -0.04)
		case 9:
			sum += -0.07
		case 15:
			sum += byHybrid(hybrids[i], 0.43, 0.30, 0.43)
		case 16:
			sum += byHybrid(hybrids[i], 0.35, 0.22, 0.35)
		case 17:
			sum += 0.29
		case 35:
			sum += 0.48
		case 53:
			sum += 0.73
		default:
			sum += bondRadius[number]/bondRadius[6] - 1
		}
	}
	return sum
}

func byHybrid(h hybrid.Hybrid, sp, sp2, other float64) float64 {
	switch h {
	case hybrid.SP:
		return sp
	case hybrid.SP2:
		return sp2
	}
	return other
}
