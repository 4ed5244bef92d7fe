package descriptor

import (
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// notBonded is the entry of the Burden matrix for two atoms that are not neighbours.
const notBonded = 0.001

// burden is a Burden matrix without its diagonal: one over the root of the bond order for neighbours (1.5 for aromatic
// bonds), and a small constant for all others. Only the entries of bonds are stored.
type burden struct {
	m       *chem.Mol
	entries []float64 // per bond, less notBonded
	v, w, z []float64 // of the search for eigenvalues
}

func newBurden(m *chem.Mol) *burden {
	n := len(m.Atoms())
	space := make([]float64, len(m.Bonds())+3*n)
	b := &burden{m, space[3*n:], space[:n], space[n : 2*n], space[2*n : 3*n]}
	for k := range m.Bonds() {
		bond := &m.Bonds()[k]
		order := float64(bond.Order)
		if bond.Aromatic && bond.Order < 3 { // the triple bond of benzyne stays one
			order = 1.5
		}
		b.entries[k] = 1/math.Sqrt(order) - notBonded
	}
	return b
}

// multiply sets y to the product of the matrix, with that diagonal, and x.
func (b *burden) multiply(diagonal, x, y []float64) {
	total := notBonded * sum(x)
	for i := range y {
		y[i] = total + (diagonal[i]-notBonded)*x[i]
	}
	for k, e := range b.entries {
		i, j := b.m.Bonds()[k].Begin, b.m.Bonds()[k].End
		y[i] += e * x[j]
		y[j] += e * x[i]
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

// extremes returns the largest and the smallest eigenvalue, by Lanczos' method. It needs no reorthogonalization: what
// rounding adds are copies of eigenvalues. The starting vector is pseudo-random so that it is not close to perpendicular to
// an eigenvector for reasons of symmetry, such as those of a molecule of two equal fragments.
func (b *burden) extremes(diagonal []float64) (highest, lowest float64) {
	n := len(diagonal)
	if n == 0 {
		return 0, 0
	}
	v, w, last := b.v, b.w, b.z
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range v {
		v[i] = rng.Float64() - 0.5
		last[i] = 0
	}
	scaleBy(v, 1/math.Sqrt(dot(v, v)))
	steps := min(lanczosLast, max(lanczosLeast, lanczosBudget/n))
	t, norm, look := tridiagonal{}, 0.0, lanczosFirst
	for k := 1; ; k++ {
		b.multiply(diagonal, v, w)
		alpha := dot(v, w)
		for i := range w {
			w[i] -= alpha*v[i] + norm*last[i]
		}
		norm = math.Sqrt(dot(w, w))
		t.alpha, t.beta2 = append(t.alpha, alpha), append(t.beta2, norm*norm)
		if done := norm < 1e-10 || k == steps; done || k == look {
			high, low := t.highest(1), -t.highest(-1)
			if done || k > lanczosFirst && near(high, highest) && near(low, lowest) {
				return high, low
			}
			highest, lowest, look = high, low, k+max(k/4, 6)
		}
		scaleBy(w, 1/norm)
		v, w, last = w, last, v
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= settled*max(1, math.Abs(a)) }

func dot(x, y []float64) float64 {
	s := 0.0
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

func scaleBy(x []float64, factor float64) {
	for i := range x {
		x[i] *= factor
	}
}

// tridiagonal is a symmetric tridiagonal matrix: its diagonal, and the squares of the entries beside it. The last of the
// squares leads out of the matrix.
type tridiagonal struct{ alpha, beta2 []float64 }

// highest returns the largest eigenvalue of the matrix times sign. Laguerre's method comes down to it from above all
// eigenvalues without passing it, in a few steps unless there are copies of it; then bisection takes over. The
// characteristic polynomial is a product of pivots.
func (t tridiagonal) highest(sign float64) float64 {
	below, above, beside := math.Inf(-1), math.Inf(-1), 0.0
	for i, a := range t.alpha {
		next := math.Sqrt(t.beta2[i])
		if i == len(t.alpha)-1 {
			next = 0
		}
		below, above, beside = max(below, sign*a), max(above, sign*a+beside+next), next
	}
	const rounding = 1e-14
	n := float64(len(t.alpha))
	for range 10 {
		slope, curve, ok := t.logDerivatives(sign, above)
		if !ok {
			return above
		}
		step := n / (slope + math.Sqrt(max(0, (n-1)*(n*curve-slope*slope))))
		above -= step
		if step <= rounding*math.Abs(above) {
			return above
		}
	}
	for above-below > rounding*max(1, math.Abs(above)) {
		middle := (above + below) / 2
		if _, _, ok := t.logDerivatives(sign, middle); ok {
			above = middle
		} else {
			below = middle
		}
	}
	return above
}

// logDerivatives returns the first and the negative second derivative of the logarithm of the characteristic polynomial
// at x; ok is false if x is not above all eigenvalues.
func (t tridiagonal) logDerivatives(sign, x float64) (first, second float64, ok bool) {
	u, v, r := 0.0, 0.0, 0.0 // first and second derivative of the last pivot, divided by it
	for i, a := range t.alpha {
		pivot := x - sign*a - r
		if pivot <= 0 {
			return 0, 0, false
		}
		u, v = (1+r*u)/pivot, r*(v-2*u*u)/pivot
		first += u
		second += u*u - v
		r = t.beta2[i] / pivot
	}
	return first, second, true
}
