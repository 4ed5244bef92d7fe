package interval

import (
	"fmt"
	"math"
	"math/big"

	"github.com/pkg/errors"
)

// Interval is the set of real numbers x with Lo <= x <= Hi. The zero value is the number 0.
type Interval struct{ Lo, Hi float64 }

// Point returns the interval that holds x alone.
func Point(x float64) Interval { return Interval{x, x} }

// Decimal returns the narrowest interval around the number that s denotes, such as "0.1". It returns an error if s is not a decimal number.
func Decimal(s string) (Interval, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Interval{}, errors.Errorf("interval: %q is not a decimal number", s)
	}
	return enclose(r), nil
}

// Contains reports whether x lies in a.
func (a Interval) Contains(x float64) bool { return a.Lo <= x && x <= a.Hi }

// Within reports whether each number of a lies in b.
func (a Interval) Within(b Interval) bool { return b.Lo <= a.Lo && a.Hi <= b.Hi }

// Mid returns a number of a near its middle. The ends of a are finite.
func (a Interval) Mid() float64 { return min(max(a.Lo/2+a.Hi/2, a.Lo), a.Hi) }

// Width returns an upper bound of the length of a.
func (a Interval) Width() float64 { return up(a.Hi - a.Lo) }

// Mag returns the largest absolute value of a number of a.
func (a Interval) Mag() float64 { return max(math.Abs(a.Lo), math.Abs(a.Hi)) }

// Intersect returns the numbers common to a and b. If there are none, both ends are NaN.
func (a Interval) Intersect(b Interval) Interval {
	c := Interval{max(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	if c.Lo <= c.Hi {
		return c
	}
	return undefined
}

// Hull returns the shortest interval around a and b.
func (a Interval) Hull(b Interval) Interval { return Interval{min(a.Lo, b.Lo), max(a.Hi, b.Hi)} }

// AtLo returns the part of a from its lower end to the next float64.
func (a Interval) AtLo() Interval { return Interval{a.Lo, min(up(a.Lo), a.Hi)} }

// AtHi returns the part of a from the float64 before its upper end to that end.
func (a Interval) AtHi() Interval { return Interval{max(down(a.Hi), a.Lo), a.Hi} }

// String returns both ends with as many digits as distinguish float64 values, or one number if they are equal.
func (a Interval) String() string {
	if a.Lo == a.Hi {
		return fmt.Sprint(a.Lo)
	}
	return fmt.Sprintf("[%v, %v]", a.Lo, a.Hi)
}

var (
	entire    = Interval{math.Inf(-1), math.Inf(1)}
	undefined = Interval{math.NaN(), math.NaN()}
)

// enclose returns the narrowest interval around r.
func enclose(r *big.Rat) Interval {
	x, exact := r.Float64()
	switch {
	case exact:
		return Point(x)
	case new(big.Rat).SetFloat64(x) == nil: // r is beyond the range of float64
		return Interval{down(x), up(x)}
	case new(big.Rat).SetFloat64(x).Cmp(r) < 0:
		return Interval{x, up(x)}
	}
	return Interval{down(x), x}
}

// between encloses a constant with the leading decimals s: it lies between s and s plus one unit of its last place. It subtracts exact,
// which has an exact representation.
func between(s string, exact float64) Interval {
	f, ok := new(big.Rat).SetString(s)
	if !ok {
		panic("interval: bad constant " + s)
	}
	f.Sub(f, new(big.Rat).SetFloat64(exact))
	places := len(s) - 2 // one digit before the point
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	next := new(big.Rat).Add(f, new(big.Rat).SetFrac(big.NewInt(1), unit))
	return Interval{enclose(f).Lo, enclose(next).Hi}
}
