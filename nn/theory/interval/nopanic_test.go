package interval

import (
	"math"
	"strings"
	"testing"
)

// oddIntervals are intervals that nobody should make: reversed, infinite, of NaN.
func oddIntervals() (out []Interval) {
	ends := []float64{0, -1, 1, 700, 1 << 60, -(1 << 60), math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, lo := range ends {
		for _, hi := range ends {
			out = append(out, Interval{lo, hi})
		}
	}
	return out
}

// Nothing panics or hangs, whatever the ends; an end that is NaN proves nothing afterwards either.
func TestNoPanics(t *testing.T) {
	odd := oddIntervals()
	for i, a := range odd {
		for name, z := range map[string]Interval{
			"Neg": a.Neg(), "Sqr": a.Sqr(), "Sqrt": a.Sqrt(), "Exp": Exp(a), "AtLo": a.AtLo(), "AtHi": a.AtHi(), "Point": Point(a.Lo),
		} {
			if a.Lo != a.Lo && a.Hi != a.Hi && (z.Contains(0) || z.Within(entire)) {
				t.Errorf("%s of %v is %v", name, a, z)
			}
		}
		value, slope := Erfcx(a)
		if a.Lo != a.Lo && a.Hi != a.Hi && (value.Contains(0) || slope.Contains(0)) {
			t.Errorf("Erfcx of %v is %v, %v", a, value, slope)
		}
		if a.String() == "" || a.Contains(math.NaN()) || a.Mag() <= math.MaxFloat64 && a.Mid() != a.Mid() {
			t.Errorf("%v: text, NaN or middle", a)
		}
		a.Width()
		for j, b := range odd {
			if both := a.Intersect(b); both.Within(both) && (!both.Within(a) || !both.Within(b)) {
				t.Errorf("%v and %v share %v", a, b, both)
			}
			for name, z := range map[string]Interval{"Add": a.Add(b), "Hull": a.Hull(b), "Sub": a.Sub(b), "Mul": a.Mul(b), "Div": a.Div(b)} {
				if (a.undefined() || b.undefined()) && z.Within(entire) {
					t.Errorf("%s of %v and %v is %v", name, a, b, z)
				}
			}
			jets(Var(i-3, a), Var(j, b))
		}
	}
	for _, i := range []int{-1, Vars, math.MaxInt / 8, math.MinInt} {
		x := Var(i, Point(2)).Mul(Const(Point(3)))
		if !x.V.Contains(6) || x.D[0].Within(entire) || x.D[Vars-1].Within(entire) {
			t.Errorf("variable %d has the gradient %v", i, x.D)
		}
	}
	for _, s := range []string{"", " ", "NaN", "Inf", "1e", "0x", "1,5", "--1", "1e99999999999999999999", "1e1000000000", "1e-1000000000", strings.Repeat("(", 1000)} {
		if a, err := Decimal(s); err == nil {
			t.Errorf("Decimal(%q) = %v", s, a)
		}
	}
	for _, s := range []string{"1e100000", "-1e-100000", strings.Repeat("9", 100000)} {
		if a, err := Decimal(s); err != nil || !(a.Lo < a.Hi) {
			t.Errorf("Decimal(%.9q) = %v, %v", s, a, err)
		}
	}
}

// jets calls all methods of Jet.
func jets(x, y Jet) {
	x.Add(y).Sub(y).Mul(x)
	x.Div(y).Scale(y.V)
	x.Sqr()
	x.Sqrt()
	x.Exp()
	x.Erfcx()
}
