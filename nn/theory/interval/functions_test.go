package interval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestConstants(t *testing.T) {
	pi := bigPi(300)
	if !bigContains(Pi, pi) || Pi.Lo < down(Pi.Hi) {
		t.Errorf("pi = %v", Pi)
	}
	half := bigExp(new(big.Float).SetPrec(300).Add(newBig(300, ln2Hi), newBig(300, ln2Lo.Lo)))
	more := bigExp(new(big.Float).SetPrec(300).Add(newBig(300, ln2Hi), newBig(300, ln2Lo.Hi)))
	if two := big.NewFloat(2); half.Cmp(two) > 0 || more.Cmp(two) < 0 {
		t.Errorf("e^(ln 2) is in [%v, %v]", half, more)
	}
}

// relativeWidth returns the width of a over the size of its numbers.
func relativeWidth(a Interval) float64 { return a.Width() / a.Mag() }

func TestExp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	xs := []float64{0, 1, -1, math.SmallestNonzeroFloat64, 1e-20, -1e-20, math.Ln2, 0.5 * math.Ln2, down(0.5 * math.Ln2), 709.7, 709.78, 709.79, 710.5, -708, -709, -745, -745.2, -746.5, -800}
	for range 500 {
		xs = append(xs, 100*r.Float64()-50, 4*r.Float64()-2, 1500*r.Float64()-750)
	}
	for _, x := range xs {
		e := Exp(Point(x))
		if want := bigExp(newBig(200, x)); !bigContains(e, want) {
			t.Fatalf("e^%v = %v is not in %v", x, want, e)
		}
		if math.Abs(x) < 700 && relativeWidth(e) > 4e-15 {
			t.Errorf("e^%v in %v is too wide", x, e)
		}
	}
}

func TestErfcx(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	xs := []float64{0, 1e-300, -1e-300, 0.5, 1, down(2), 2, up(2), -2, 10, 20, 26, -5, -20, -26}
	for range 150 {
		xs = append(xs, 2*r.Float64(), 2+5*r.Float64(), -2*r.Float64())
	}
	for _, x := range xs {
		value, slope := Erfcx(Point(x))
		want := bigErfcx(x)
		if !bigContains(value, want) {
			t.Fatalf("erfcx(%v) = %v is not in %v", x, want, value)
		}
		// derivative 2 x erfcx(x) - 2/sqrt(pi)
		d := new(big.Float).SetPrec(want.Prec()).Mul(newBig(want.Prec(), 2*x), want)
		root := new(big.Float).SetPrec(want.Prec()).Sqrt(bigPi(want.Prec()))
		if d.Sub(d, root.Quo(newBig(want.Prec(), 2), root)); !bigContains(slope, d) {
			t.Fatalf("erfcx'(%v) = %v is not in %v", x, d, slope)
		}
		if x > -2 && (relativeWidth(value) > 2e-12 || slope.Width() > 2e-12*max(1, slope.Mag())) {
			t.Errorf("erfcx(%v) in %v, derivative in %v: too wide", x, value, slope)
		}
	}
}

// For large x, sqrt(pi) x erfcx(x) lies between 1 - 1/(2x^2) and 1.
func TestErfcxFarAway(t *testing.T) {
	for _, x := range []float64{1e4, 1e10, 1e150, 1e300, math.MaxFloat64} {
		value, _ := Erfcx(Point(x))
		scaled := value.Mul(Pi.Sqrt()).Mul(Point(x))
		if !(scaled.Lo <= 1 && scaled.Hi >= 1-0.5/x/x) {
			t.Errorf("sqrt(pi) x erfcx(x) in %v at %v", scaled, x)
		}
	}
	if value, slope := Erfcx(Point(-40)); !math.IsInf(value.Hi, 1) || !math.IsInf(slope.Lo, -1) {
		t.Errorf("erfcx(-40) in %v with derivative in %v", value, slope)
	}
}

// An interval's image contains the images of its points, up to their own width.
func TestFunctionsAreIsotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := genInterval.Draw(t, "a")
		x := rapid.Float64Range(a.Lo, a.Hi).Draw(t, "x")
		value, slope := Erfcx(a)
		v, s := Erfcx(Point(x))
		e, at := Exp(a), Exp(Point(x))
		for _, c := range [][2]Interval{{v, value}, {s, slope}, {at, e}} {
			if !(c[0].Hi >= c[1].Lo && c[0].Lo <= c[1].Hi) {
				t.Fatalf("at %v in %v: %v and %v have nothing in common", x, a, c[0], c[1])
			}
		}
	})
}

// jetCases are expressions of two variables with their gradients by hand, in float64.
var jetCases = []struct {
	name string
	f    func(x, y Jet) Jet
	want func(x, y float64) (v, dx, dy float64)
}{
	{"x+y", Jet.Add, func(x, y float64) (float64, float64, float64) { return x + y, 1, 1 }},
	{"x-y", Jet.Sub, func(x, y float64) (float64, float64, float64) { return x - y, 1, -1 }},
	{"xy", Jet.Mul, func(x, y float64) (float64, float64, float64) { return x * y, y, x }},
	{"x/y", Jet.Div, func(x, y float64) (float64, float64, float64) { return x / y, 1 / y, -x / (y * y) }},
	{"x^2", func(x, _ Jet) Jet { return x.Sqr() }, func(x, _ float64) (float64, float64, float64) { return x * x, 2 * x, 0 }},
	{"e^x", func(x, _ Jet) Jet { return x.Exp() }, func(x, _ float64) (float64, float64, float64) { return math.Exp(x), math.Exp(x), 0 }},
	{"sqrt y", func(_, y Jet) Jet { return y.Sqrt() }, func(_, y float64) (float64, float64, float64) { return math.Sqrt(y), 0, 0.5 / math.Sqrt(y) }},
	{"erfcx x", func(x, _ Jet) Jet { return x.Erfcx() }, func(x, _ float64) (float64, float64, float64) {
		v := math.Exp(x*x) * math.Erfc(x)
		return v, 2*x*v - 2/math.SqrtPi, 0
	}},
}

func TestJets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(-2, 2).Draw(t, "x"), rapid.Float64Range(0.1, 3).Draw(t, "y")
		wide := rapid.Float64Range(0, 0.05).Draw(t, "width")
		for _, c := range jetCases {
			got := c.f(Var(0, Interval{x - wide, x + wide}), Var(3, Interval{y - wide, y + wide}))
			v, dx, dy := c.want(x, y)
			for i, p := range [][2]any{{got.V, v}, {got.D[0], dx}, {got.D[3], dy}} {
				a, w := p[0].(Interval), p[1].(float64)
				slack := 1e-12 * (1 + math.Abs(w))
				if !(a.Lo <= w+slack && a.Hi >= w-slack) || wide == 0 && a.Width() > 1e-10*(1+math.Abs(w)) {
					t.Fatalf("%s at %v, %v +- %v: component %d is %v, not %v", c.name, x, y, wide, i, a, w)
				}
			}
		}
	})
}

var sink Interval

func BenchmarkErfcx(b *testing.B) {
	for b.Loop() {
		sink, _ = Erfcx(Interval{0.7, 0.71})
	}
}
