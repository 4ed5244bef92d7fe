package descriptor

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// constants are diagonals with the values 1 to 4 times d.
func constants(n int, d float64) (diagonals [numLanes][]float64) {
	for l := range diagonals {
		diagonals[l] = make([]float64, n)
		for i := range n {
			diagonals[l][i] = float64(l+1) * d
		}
	}
	return diagonals
}

// TestBurdenExtremes compares with matrices whose eigenvalues are known: with a constant diagonal d, ethane has d+1 and
// d-1, and an even ring of single bonds d+2 and d-2 but for the small entries of atoms that are not bonded.
func TestBurdenExtremes(t *testing.T) {
	var b burden
	check := func(s string, above, below float64) {
		m := chemtest.Mol(t, s)
		diagonals := constants(len(m.Atoms()), 3)
		b.reset(m, &diagonals)
		for l, got := range b.extremes() {
			d := 3 * float64(l+1)
			if math.Abs(got.highest-d-above) > 1e-9 || math.Abs(got.lowest-d+below) > 1e-9 {
				t.Errorf("%s, diagonal %v: %v, want %v and %v", s, d, got, d+above, d-below)
			}
		}
	}
	check("CC", 1, 1)
	check("CC.CC", 1+2*notBonded, 1) // the small entries between two equal fragments split the larger eigenvalue
	check("C1CCCCC1", 2+3*notBonded, 2-notBonded)
}

// TestBurdenIsPlain: four diagonals at once, with polynomials in place of pivots and bisections that skip what is known, give what one after the
// other gives, but for rounding.
func TestBurdenIsPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var b burden
	for range 300 {
		m, err := chem.New(chemtest.OddSystem(rng))
		if rng.IntN(3) == 0 {
			n, bonds := chemtest.Grown[rng.IntN(len(chemtest.Grown))].Graph(20 + rng.IntN(60))
			m, err = chem.New(chemtest.Carbons(n, bonds, rng))
		}
		if err != nil {
			continue
		}
		var diagonals [numLanes][]float64
		for l := range diagonals {
			diagonals[l] = make([]float64, len(m.Atoms()))
			for i := range diagonals[l] {
				diagonals[l][i] = float64(rng.IntN(1+l*l)) * rng.Float64()
			}
		}
		b.reset(m, &diagonals)
		for l, got := range b.extremes() {
			want := b.plainExtremes(diagonals[l])
			const bound = 4 * tightest
			if math.Abs(got.highest-want.highest) > bound*max(1, math.Abs(want.highest)) ||
				math.Abs(got.lowest-want.lowest) > bound*max(1, math.Abs(want.lowest)) {
				t.Fatalf("%s, lane %d: %v, want %v", m.Formula(), l, got, want)
			}
		}
	}
}

// plainExtremes is Lanczos' method for one diagonal.
func (b *burden) plainExtremes(diagonal []float64) (found span) {
	n := len(diagonal)
	v, w, last := make([]float64, n), make([]float64, n), make([]float64, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range v {
		v[i] = rng.Float64() - 0.5
	}
	scaleBy(v, 1/math.Sqrt(dot(v, v)))
	steps := min(lanczosLast, max(lanczosLeast, lanczosBudget/n))
	t, norm, look := tridiagonal{}, 0.0, lanczosFirst
	for k := 1; ; k++ {
		b.plainMultiply(diagonal, v, w)
		alpha := dot(v, w)
		for i := range w {
			w[i] -= alpha*v[i] + norm*last[i]
		}
		norm = math.Sqrt(dot(w, w))
		t.add(alpha, norm*norm)
		if done := norm < 1e-10 || k == steps; done || k == look {
			now := span{t.plainHighest(1), -t.plainHighest(-1)}
			if done || k > lanczosFirst && near(now.highest, found.highest) && near(now.lowest, found.lowest) {
				return now
			}
			found, look = now, k+max(k/4, 6)
		}
		scaleBy(w, 1/norm)
		v, w, last = w, last, v
	}
}

func (b *burden) plainMultiply(diagonal, x, y []float64) {
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

// plainHighest returns the largest eigenvalue of the matrix times sign. Laguerre's method comes down to it from above all
// eigenvalues without passing it, in a few steps unless there are copies of it; then bisection takes over. The
// characteristic polynomial is a product of pivots.
func (t tridiagonal) plainHighest(sign float64) float64 {
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
		slope, curve, ok := t.plainDerivatives(sign, above)
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
		if _, _, ok := t.plainDerivatives(sign, middle); ok {
			above = middle
		} else {
			below = middle
		}
	}
	return above
}

// plainDerivatives returns the first and the negative second derivative of the logarithm of the characteristic polynomial
// at x; ok is false if x is not above all eigenvalues.
func (t tridiagonal) plainDerivatives(sign, x float64) (first, second float64, ok bool) {
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
