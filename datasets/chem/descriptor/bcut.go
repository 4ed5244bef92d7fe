package descriptor

import (
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// bcutBlock holds the largest and smallest eigenvalue of the Burden matrix with masses, charges, log P and refractivity
// of the atoms on the diagonal. Pearlman and Smith 1999, "Metric validation and the receptor-relevant subspace
// concept", J. Chem. Inf. Comput. Sci. 39, 28. All are 0 if an atom has no Gasteiger parameters, as for most metals.
var bcutBlock = block{
	[]string{
		"BCUT2D_MWHI", "BCUT2D_MWLOW", "BCUT2D_CHGHI", "BCUT2D_CHGLO",
		"BCUT2D_LOGPHI", "BCUT2D_LOGPLOW", "BCUT2D_MRHI", "BCUT2D_MRLOW",
	},
	func(p *profile, values []float64) {
		masses := make([]float64, len(p.m.Atoms()))
		for i := range p.m.Atoms() {
			if gasteigerOf(p.m, i, p.hybrids[i]) == (electronegativity{}) {
				return
			}
			masses[i] = p.m.Atoms()[i].Mass()
		}
		for k := range p.m.Bonds() {
			if b := &p.m.Bonds()[k]; b.Order == 0 || b.Order > 3 {
				return
			}
		}
		b := newBurden(p.m)
		for k, diagonal := range [][]float64{masses, p.charges, p.crippen.logP, p.crippen.r} {
			values[2*k], values[2*k+1] = b.extremes(diagonal)
		}
	},
}

// notBonded is the entry of the Burden matrix for two atoms that are not neighbours.
const notBonded = 0.001

// burden is a Burden matrix without its diagonal: one over the root of the bond order for neighbours (1.5 for aromatic
// bonds), and a small constant for all others. Only the entries of bonds are stored.
type burden struct {
	m       *chem.Mol
	entries []float64 // per bond, less notBonded
}

func newBurden(m *chem.Mol) *burden {
	b := &burden{m, make([]float64, len(m.Bonds()))}
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

// lanczosSteps bounds the Krylov space. Matrices up to this size are solved exactly, and of larger ones the extreme
// eigenvalues have converged as far as a descriptor needs.
const lanczosSteps = 150

// extremes returns the largest and the smallest eigenvalue, by Lanczos' method with full reorthogonalization. The
// starting vector is pseudo-random so that it is not perpendicular to an eigenvector for reasons of symmetry.
func (b *burden) extremes(diagonal []float64) (highest, lowest float64) {
	n := len(diagonal)
	if n == 0 {
		return 0, 0
	}
	steps := min(n, lanczosSteps)
	rng := rand.New(rand.NewPCG(1, 2))
	basis := make([][]float64, 0, steps)
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.5 + rng.Float64()
	}
	var alpha, beta []float64
	norm := math.Sqrt(dot(w, w))
	for range steps {
		v := make([]float64, n)
		for i := range v {
			v[i] = w[i] / norm
		}
		basis = append(basis, v)
		b.multiply(diagonal, v, w)
		alpha = append(alpha, dot(v, w))
		for range 2 { // once is not enough in floating point
			for _, u := range basis {
				c := dot(u, w)
				for i := range w {
					w[i] -= c * u[i]
				}
			}
		}
		if norm = math.Sqrt(dot(w, w)); norm < 1e-10 {
			break
		}
		beta = append(beta, norm)
	}
	return tridiagonalExtremes(alpha, beta)
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// tridiagonalExtremes returns the largest and the smallest eigenvalue of a symmetric tridiagonal matrix, by bisection
// on the number of eigenvalues below a point.
func tridiagonalExtremes(alpha, beta []float64) (highest, lowest float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for i, a := range alpha {
		radius := 0.0
		if i > 0 {
			radius += beta[i-1]
		}
		if i < len(alpha)-1 {
			radius += beta[i]
		}
		low, high = min(low, a-radius), max(high, a+radius)
	}
	bisect := func(count int) float64 { // the point below which there are count eigenvalues, for the first time
		a, b := low, high
		for range 60 {
			if mid := (a + b) / 2; eigenvaluesBelow(alpha, beta, mid) < count {
				a = mid
			} else {
				b = mid
			}
		}
		return (a + b) / 2
	}
	return bisect(len(alpha)), bisect(1)
}

// eigenvaluesBelow counts the negative pivots of the matrix less x (Sylvester's law of inertia).
func eigenvaluesBelow(alpha, beta []float64, x float64) int {
	count, pivot := 0, 1.0
	for i, a := range alpha {
		off := 0.0
		if i > 0 {
			off = beta[i-1] * beta[i-1] / pivot
		}
		if pivot = a - x - off; pivot == 0 {
			pivot = 1e-300
		}
		if pivot < 0 {
			count++
		}
	}
	return count
}
