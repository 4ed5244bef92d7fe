package interval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// operation is an operation on intervals and its counterpart on numbers; unary ones ignore y. contains reports whether z
// holds the exact result, which is undefined if ok is false.
type operation struct {
	name     string
	f        func(a, b Interval) Interval
	contains func(z Interval, x, y float64) (holds, ok bool)
}

var operations = []operation{
	{"add", Interval.Add, exactly((*big.Rat).Add)},
	{"sub", Interval.Sub, exactly((*big.Rat).Sub)},
	{"mul", Interval.Mul, exactly((*big.Rat).Mul)},
	{"div", Interval.Div, func(z Interval, x, y float64) (bool, bool) {
		if y == 0 {
			return false, false
		}
		return exactly((*big.Rat).Quo)(z, x, y)
	}},
	{"sqr", func(a, _ Interval) Interval { return a.Sqr() }, func(z Interval, x, _ float64) (bool, bool) {
		return exactly((*big.Rat).Mul)(z, x, x)
	}},
	{"neg", func(a, _ Interval) Interval { return a.Neg() }, func(z Interval, x, _ float64) (bool, bool) { return z.Contains(-x), true }},
	{"sqrt", func(a, _ Interval) Interval { return a.Sqrt() }, func(z Interval, x, _ float64) (bool, bool) {
		if x < 0 {
			return false, false
		}
		root := new(big.Float).SetPrec(300).Sqrt(newBig(53, x))
		return bigContains(z, root), true
	}},
}

func exactly(f func(z, x, y *big.Rat) *big.Rat) func(z Interval, x, y float64) (bool, bool) {
	return func(z Interval, x, y float64) (bool, bool) {
		return ratContains(z, f(new(big.Rat), rat(x), rat(y))), true
	}
}

// extremes are ends worth trying: zeros, subnormal numbers, powers of 2 and their neighbours, the edge of overflow.
var extremes = []float64{
	0, math.SmallestNonzeroFloat64, 0x1p-1022, 0x1p-600, 0.1, up(0.5), 1, up(1), down(1), 3, 0x1p53, 1e300, math.MaxFloat64,
}

func randomEnd(r *rand.Rand) float64 {
	x := extremes[r.IntN(len(extremes))]
	switch r.IntN(4) {
	case 0:
		x = math.Ldexp(r.Float64(), r.IntN(2000)-1000)
	case 1, 2:
		x = 10 * r.Float64()
	}
	if r.IntN(2) == 0 {
		x = -x
	}
	return x
}

func randomInterval(r *rand.Rand) Interval {
	x, y := randomEnd(r), randomEnd(r)
	if r.IntN(4) == 0 {
		y = x
	}
	return Interval{min(x, y), max(x, y)}
}

// pointsOf returns the ends of a and a number between.
func pointsOf(r *rand.Rand, a Interval) []float64 {
	t := r.Float64()
	return []float64{a.Lo, a.Hi, min(max((1-t)*a.Lo+t*a.Hi, a.Lo), a.Hi)}
}

// violations counts results of op outside the interval that it returned, in n random cases.
func violations(op operation, n int) (bad int, first [3]Interval) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		a, b := randomInterval(r), randomInterval(r)
		z := op.f(a, b)
		for _, x := range pointsOf(r, a) {
			for _, y := range pointsOf(r, b) {
				if holds, ok := op.contains(z, x, y); ok && !holds {
					if bad == 0 {
						first = [3]Interval{a, b, z}
					}
					bad++
				}
			}
		}
	}
	return bad, first
}

func TestOperationsEnclose(t *testing.T) {
	for _, op := range operations {
		if bad, first := violations(op, 1500); bad > 0 {
			t.Errorf("%s: %d results outside, first with %v", op.name, bad, first)
		}
	}
}

// The test above has to notice wrong rounding: operations that round to nearest, or inward, must fail it.
func TestInwardRoundingIsNoticed(t *testing.T) {
	nearest := func(z Interval) Interval { return Interval{up(z.Lo), down(z.Hi)} }
	inward := func(z Interval) Interval { return nearest(nearest(z)) }
	lower := func(z Interval) Interval { return Interval{up(z.Lo), z.Hi} }
	upper := func(z Interval) Interval { return Interval{z.Lo, down(z.Hi)} }
	for _, op := range operations {
		if op.name == "neg" { // exact
			continue
		}
		for name, mutate := range map[string]func(Interval) Interval{
			"nearest": nearest, "inward": inward, "lower end to nearest": lower, "upper end to nearest": upper,
		} {
			mutant := op
			mutant.f = func(a, b Interval) Interval { return mutate(op.f(a, b)) }
			if bad, _ := violations(mutant, 200); bad == 0 {
				t.Errorf("%s rounded %s passes", op.name, name)
			}
		}
	}
}

// genInterval draws intervals of ordinary size.
var genInterval = rapid.Custom(func(t *rapid.T) Interval {
	x, y := rapid.Float64Range(-30, 30).Draw(t, "x"), rapid.Float64Range(-30, 30).Draw(t, "y")
	return Interval{min(x, y), max(x, y)}
})

// genInside draws an interval within a.
func genInside(a Interval) *rapid.Generator[Interval] {
	return rapid.Custom(func(t *rapid.T) Interval {
		x, y := rapid.Float64Range(a.Lo, a.Hi).Draw(t, "x"), rapid.Float64Range(a.Lo, a.Hi).Draw(t, "y")
		return Interval{min(x, y), max(x, y)}
	})
}

// Inclusion isotonicity: smaller operands give smaller results.
func TestOperationsAreIsotonic(t *testing.T) {
	for _, op := range operations {
		rapid.Check(t, func(t *rapid.T) {
			a, b := genInterval.Draw(t, "a"), genInterval.Draw(t, "b")
			c, d := genInside(a).Draw(t, "c"), genInside(b).Draw(t, "d")
			small, large := op.f(c, d), op.f(a, b)
			if small == small && !small.Within(large) {
				t.Fatalf("%s: %v and %v give %v, the larger %v and %v give %v", op.name, c, d, small, a, b, large)
			}
		})
	}
}

// Values outside the range of float64 or the domain of a function must not come back as a statement.
func TestLimits(t *testing.T) {
	huge := Point(math.MaxFloat64)
	if z := huge.Add(huge); z.Lo != math.MaxFloat64 || !math.IsInf(z.Hi, 1) {
		t.Errorf("overflow gives %v", z)
	}
	tiny := Point(math.SmallestNonzeroFloat64)
	if z := tiny.Mul(tiny); !(z.Lo <= 0 && z.Hi > 0) {
		t.Errorf("underflow gives %v", z)
	}
	if z := Point(1).Div(Interval{-1, 1}); z != entire {
		t.Errorf("1/[-1, 1] = %v", z)
	}
	if z := entire.Mul(Point(0)); z != Point(0) {
		t.Errorf("0 times everything = %v", z)
	}
	if z := entire.Mul(Interval{0, 1}); z != entire {
		t.Errorf("[0, 1] times everything = %v", z)
	}
	none := []Interval{Interval{-2, -1}.Sqrt(), Point(1).Intersect(Point(2)), Exp(undefined), undefined.Sqr(), undefined.Mul(Point(0)),
		Point(1).Div(undefined), undefined.Div(Interval{-1, 1}), undefined.Add(Point(0)), undefined.Neg()}
	for i, z := range none {
		if z.Lo <= 0 || z.Lo > 0 || z.Hi <= 0 || z.Hi > 0 {
			t.Errorf("case %d: no number qualifies, but the result is %v", i, z)
		}
	}
}

func TestDecimal(t *testing.T) {
	for s, points := range map[string]bool{"0.1": false, "-0.03106": false, "1.5": true, "0": true, "1e400": false, "-16": true, "1e-400": false} {
		a, err := Decimal(s)
		exact, _ := new(big.Rat).SetString(s)
		if err != nil || !ratContains(a, exact) || a.Lo < down(a.Hi) || (a.Lo == a.Hi) != points {
			t.Errorf("Decimal(%q) = %v, %v", s, a, err)
		}
	}
	if _, err := Decimal("lambda"); err == nil {
		t.Error("Decimal accepts a word")
	}
}
