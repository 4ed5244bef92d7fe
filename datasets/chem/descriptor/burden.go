package descriptor

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// notBonded is the entry of the Burden matrix for two atoms that are not neighbours.
const notBonded = 0.001

// burden is a Burden matrix for several diagonals at once: beside them, one over the root of the bond order for neighbours (1.5 for aromatic bonds), and
// a small constant for all others. Only the entries of bonds are stored.
type burden struct {
	m         *chem.Mol
	entries   []float64 // per bond, less notBonded
	diagonals []lanes   // per atom, less notBonded
	v, w, z   []lanes   // of the search for eigenvalues
	t         [numLanes]tridiagonal
}

// lanes holds a number for each diagonal. Computing with four at once hides the time that each operation takes.
type lanes [numLanes]float64

const numLanes = 4

// addScaled adds e times x.
func (y *lanes) addScaled(e float64, x *lanes) {
	y[0] += e * x[0]
	y[1] += e * x[1]
	y[2] += e * x[2]
	y[3] += e * x[3]
}

// sumOf returns the sums over all x. Sums in variables of their own stay in registers, those of an array do not.
func sumOf(all []lanes) lanes {
	var a, b, c, d float64
	for i := range all {
		x := &all[i]
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	return lanes{a, b, c, d}
}

// products returns the sums of the products of x and y.
func products(x, y []lanes) lanes {
	var a, b, c, d float64
	y = y[:len(x)]
	for i := range x {
		x, y := &x[i], &y[i]
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
	}
	return lanes{a, b, c, d}
}

// subtract subtracts a times x and b times z from w, and returns the sums of the squares of what is left.
func subtract(w []lanes, a lanes, x []lanes, b lanes, z []lanes) lanes {
	var s0, s1, s2, s3 float64
	x, z = x[:len(w)], z[:len(w)]
	for i := range w {
		w, x, z := &w[i], &x[i], &z[i]
		w0 := w[0] - (a[0]*x[0] + b[0]*z[0])
		w1 := w[1] - (a[1]*x[1] + b[1]*z[1])
		w2 := w[2] - (a[2]*x[2] + b[2]*z[2])
		w3 := w[3] - (a[3]*x[3] + b[3]*z[3])
		s0, s1, s2, s3 = s0+w0*w0, s1+w1*w1, s2+w2*w2, s3+w3*w3
		*w = lanes{w0, w1, w2, w3}
	}
	return lanes{s0, s1, s2, s3}
}

// reset prepares a molecule in the memory of the one before.
func (b *burden) reset(m *chem.Mol, diagonals *[numLanes][]float64) {
	n := len(m.Atoms())
	b.m = m
	b.entries = slices.Grow(b.entries[:0], len(m.Bonds()))[:len(m.Bonds())]
	for k := range m.Bonds() {
		bond := &m.Bonds()[k]
		order := float64(bond.Order)
		if bond.Aromatic && bond.Order < 3 { // the triple bond of benzyne stays one
			order = 1.5
		}
		b.entries[k] = 1/math.Sqrt(order) - notBonded
	}
	for _, s := range []*[]lanes{&b.diagonals, &b.v, &b.w, &b.z} {
		*s = slices.Grow((*s)[:0], n)[:n]
	}
	for i := range b.diagonals {
		for l := range numLanes {
			b.diagonals[i][l] = diagonals[l][i] - notBonded
		}
	}
}

// multiply sets y to the products of the matrices and x.
func (b *burden) multiply(x, y []lanes) {
	total := sumOf(x)
	for l := range total {
		total[l] *= notBonded
	}
	diagonals, y := b.diagonals[:len(x)], y[:len(x)]
	for i := range x {
		x, d := &x[i], &diagonals[i]
		y[i] = lanes{total[0] + d[0]*x[0], total[1] + d[1]*x[1], total[2] + d[2]*x[2], total[3] + d[3]*x[3]}
	}
	bonds := b.m.Bonds()
	for k, e := range b.entries {
		i, j := bonds[k].Begin, bonds[k].End
		y[i].addScaled(e, &x[j])
		y[j].addScaled(e, &x[i])
	}
}

// Bounds of Lanczos' method: it stops once the eigenvalues have settled, or after a number of steps that falls with the
// size of the matrix.
const (
	lanczosFirst  = 12   // steps before the eigenvalues are looked at
	lanczosLast   = 4000 // steps at most
	lanczosBudget = 2e6  // steps times atoms at most
	lanczosLeast  = 200  // steps at least before the budget counts
	settled       = 1e-12
)

// span is the largest and the smallest eigenvalue of a matrix.
type span struct{ highest, lowest float64 }

// extremes returns the largest and the smallest eigenvalue for each diagonal, by Lanczos' method. It needs no reorthogonalization: what
// rounding adds are copies of eigenvalues. The starting vector is pseudo-random so that it is not close to perpendicular to
// an eigenvector for reasons of symmetry, such as those of a molecule of two equal fragments.
func (b *burden) extremes() (found [numLanes]span) {
	n := len(b.v)
	if n == 0 {
		return found
	}
	b.start()
	v, w, last := b.v, b.w, b.z
	steps := min(lanczosLast, max(lanczosLeast, lanczosBudget/n))
	var norm, factor lanes
	var finished [numLanes]bool
	looked := 0 // steps at the look before
	for k, look, left := 1, lanczosFirst, numLanes; ; k++ {
		b.multiply(v, w)
		alpha := products(v, w)
		squared := subtract(w, alpha, v, norm, last)
		for l := range numLanes {
			norm[l] = math.Sqrt(squared[l])
			b.t[l].add(alpha[l], norm[l]*norm[l])
			done := norm[l] < 1e-10 || k == steps
			if finished[l] || !done && (k != look || looked == 0) {
				continue
			}
			found[l] = b.t[l].span(found[l])
			if done || b.t[l].hadSettled(looked, found[l]) {
				finished[l] = true
				left--
			}
		}
		if left == 0 {
			return found
		}
		if k == look {
			looked, look = k, k+max(k/4, 6)
		}
		for l := range norm {
			factor[l] = 1 / norm[l]
		}
		for i := range w {
			x := &w[i]
			*x = lanes{x[0] * factor[0], x[1] * factor[1], x[2] * factor[2], x[3] * factor[3]}
		}
		v, w, last = w, last, v
	}
}

// start sets the first vector of Lanczos' method.
func (b *burden) start() {
	rng := rand.NewPCG(1, 2)
	source := rand.New(rng)
	squared := 0.0
	for i := range b.v {
		x := source.Float64() - 0.5
		b.v[i] = lanes{x, x, x, x}
		b.z[i] = lanes{}
		squared += x * x
	}
	factor := 1 / math.Sqrt(squared)
	for i := range b.v {
		x := b.v[i][0] * factor
		b.v[i] = lanes{x, x, x, x}
	}
	for l := range b.t {
		b.t[l].alpha, b.t[l].beta2 = b.t[l].alpha[:0], b.t[l].beta2[:0]
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= settled*max(1, math.Abs(a)) }
