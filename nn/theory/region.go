package theory

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Region is a rectangle of means and variances.
type Region struct{ Mu, Nu interval.Interval }

// Within reports whether each point of r lies in q.
func (r Region) Within(q Region) bool { return r.Mu.Within(q.Mu) && r.Nu.Within(q.Nu) }

// String returns the sides of r, rounded outward to five decimals, or to four digits of a small number.
func (r Region) String() string {
	return fmt.Sprintf("mu in %s, nu in %s", outward(r.Mu), outward(r.Nu))
}

// given returns the sides of a region that someone asks about, with 7 digits.
func given(r Region) string { return fmt.Sprintf("mu in %s, nu in %s", digits(r.Mu), digits(r.Nu)) }

func (r Region) hull(q Region) Region { return Region{r.Mu.Hull(q.Mu), r.Nu.Hull(q.Nu)} }

// Bounds of the moments and weights with which global proofs deal.
const leastNu, mostNu, mostMu = 1e-9, 1e9, 1e6

// anything holds all moments of which a global proof can tell something.
var anything = Region{interval.Interval{Lo: -mostMu, Hi: mostMu}, interval.Interval{Lo: leastNu, Hi: mostNu}}

// possible reports whether the bounds of r are in ascending order and of a size that global proofs deal with.
func (r Region) possible() bool {
	return r.Mu.Lo <= r.Mu.Hi && r.Nu.Lo <= r.Nu.Hi && r.Within(anything)
}

// margin encloses, over the points of r, the distance to the nearest side of q; it is negative outside q.
func (r Region) margin(q Region) interval.Interval {
	point := interval.Point
	m := r.Mu.Sub(point(q.Mu.Lo))
	for _, d := range []interval.Interval{point(q.Mu.Hi).Sub(r.Mu), r.Nu.Sub(point(q.Nu.Lo)), point(q.Nu.Hi).Sub(r.Nu)} {
		m = interval.Interval{Lo: min(m.Lo, d.Lo), Hi: min(m.Hi, d.Hi)}
	}
	return m
}

// outward returns a with its ends rounded outward to five decimals, or to four digits of a small number.
func outward(a interval.Interval) string {
	lo, hi := rounded(a.Lo, false), rounded(a.Hi, true)
	if lo == hi {
		return lo
	}
	return "[" + lo + ", " + hi + "]"
}

// rounded returns x rounded down, or up.
func rounded(x float64, up bool) string {
	r := new(big.Rat).SetFloat64(x)
	if r == nil {
		return fmt.Sprint(x)
	}
	places := 5
	for y := math.Abs(x); y < 0.01 && y > 0 && places < 20; y *= 10 {
		places++
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	r.Mul(r, new(big.Rat).SetInt(unit))
	n := new(big.Int).Div(r.Num(), r.Denom()) // down
	if up && !r.IsInt() {
		n.Add(n, big.NewInt(1))
	}
	s := new(big.Rat).SetFrac(n, unit).FloatString(places)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
