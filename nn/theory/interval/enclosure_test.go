package interval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// dual is a number with its derivatives with respect to two variables, exactly.
type dual struct {
	v *big.Rat
	d [2]*big.Rat
}

// chainDual returns f(x, y) where f has the value v and the slopes dx and dy.
func chainDual(v, dx, dy *big.Rat, x, y dual) dual {
	z := dual{v: v}
	for i := range z.d {
		p, q := new(big.Rat).Mul(dx, x.d[i]), new(big.Rat).Mul(dy, y.d[i])
		z.d[i] = p.Add(p, q)
	}
	return z
}

// contains reports whether a jet, whose variables 0 and 3 are those of the dual, holds it.
func (z Jet) contains(x dual) bool {
	return ratContains(z.V, x.v) && ratContains(z.D[0], x.d[0]) && ratContains(z.D[3], x.d[1])
}

// jetOperation is an operation on jets, and on exact numbers; ok is false where it is not defined.
type jetOperation struct {
	name  string
	f     func(x, y Jet) Jet
	exact func(x, y dual) (z dual, ok bool)
}

var jetOperations = func() []jetOperation {
	one, minus, zero := big.NewRat(1, 1), big.NewRat(-1, 1), new(big.Rat)
	third := Point(1).Div(Point(3))
	inner := rat(third.Lo)
	return []jetOperation{
		{"add", Jet.Add, func(x, y dual) (dual, bool) { return chainDual(new(big.Rat).Add(x.v, y.v), one, one, x, y), true }},
		{"sub", Jet.Sub, func(x, y dual) (dual, bool) { return chainDual(new(big.Rat).Sub(x.v, y.v), one, minus, x, y), true }},
		{"mul", Jet.Mul, func(x, y dual) (dual, bool) { return chainDual(new(big.Rat).Mul(x.v, y.v), y.v, x.v, x, y), true }},
		{"sqr", func(x, _ Jet) Jet { return x.Sqr() }, func(x, y dual) (dual, bool) {
			return chainDual(new(big.Rat).Mul(x.v, x.v), new(big.Rat).Add(x.v, x.v), zero, x, y), true
		}},
		{"scale", func(x, _ Jet) Jet { return x.Scale(third) }, func(x, y dual) (dual, bool) {
			return chainDual(new(big.Rat).Mul(x.v, inner), inner, zero, x, y), true
		}},
		{"div", Jet.Div, func(x, y dual) (dual, bool) {
			if y.v.Sign() == 0 {
				return dual{}, false
			}
			inverse := new(big.Rat).Inv(y.v)
			quotient := new(big.Rat).Mul(x.v, inverse)
			slope := new(big.Rat).Mul(quotient, inverse)
			return chainDual(quotient, inverse, slope.Neg(slope), x, y), true
		}},
	}
}()

// TestJetsEnclose: jets of random expressions over boxes hold the exact values and derivatives at the points of the boxes.
func TestJetsEnclose(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	one, zero := big.NewRat(1, 1), new(big.Rat)
	for range 300 {
		var jets []Jet
		var points []dual
		for i, d := range [2][2]*big.Rat{{one, zero}, {zero, one}} {
			lo := 4*r.Float64() - 2
			side := Interval{lo, lo + r.Float64()*[]float64{0, 1e-9, 0.5}[r.IntN(3)]}
			jets, points = append(jets, Var(3*i, side)), append(points, dual{rat(pointsOf(r, side)[r.IntN(3)]), d})
		}
		text := ""
		for range 4 {
			op := jetOperations[r.IntN(len(jetOperations))]
			i, j := r.IntN(len(jets)), r.IntN(len(jets))
			exact, ok := op.exact(points[i], points[j])
			if !ok {
				continue
			}
			z := op.f(jets[i], jets[j])
			text += " " + op.name
			if !z.contains(exact) {
				t.Fatalf("%s: %v and %v, at points within, do not hold the exact numbers", text, z.V, z.D)
			}
			jets, points = append(jets, z), append(points, exact)
		}
	}
}

// TestSetOperations: width and magnitude are upper bounds, ends belong to their interval, and what two intervals share is theirs.
func TestSetOperations(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 2000 {
		a, b := randomInterval(r), randomInterval(r)
		if w := new(big.Rat).Sub(rat(a.Hi), rat(a.Lo)); !math.IsInf(a.Width(), 1) && rat(a.Width()).Cmp(w) < 0 {
			t.Errorf("the width of %v is above %v", a, a.Width())
		}
		if m := a.Mag(); m < -a.Lo || m < a.Hi || m < a.Lo || m < -a.Hi {
			t.Errorf("the magnitude of %v is above %v", a, m)
		}
		if lo, hi := a.AtLo(), a.AtHi(); lo.Lo != a.Lo || hi.Hi != a.Hi || !lo.Within(a) || !hi.Within(a) {
			t.Errorf("the ends of %v are %v and %v", a, lo, hi)
		}
		if m := a.Mid(); !a.Contains(m) {
			t.Errorf("the middle of %v is %v", a, m)
		}
		both, hull := a.Intersect(b), a.Hull(b)
		if !a.Within(hull) || !b.Within(hull) || !(hull.Lo == a.Lo || hull.Lo == b.Lo) || !(hull.Hi == a.Hi || hull.Hi == b.Hi) {
			t.Errorf("%v and %v have the hull %v", a, b, hull)
		}
		for _, x := range []float64{a.Lo, a.Hi, b.Lo, b.Hi} {
			if common := a.Contains(x) && b.Contains(x); common != both.Contains(x) {
				t.Errorf("%v and %v have %v in common, which says otherwise of %v", a, b, both, x)
			}
		}
	}
}
