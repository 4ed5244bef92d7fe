package theory

import (
	"fmt"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// domain is a domain of the moment map: |mu| <= mu, |omega| <= omega, nu and tau between two bounds, all positive decimal numbers.
type domain struct{ mu, omega, nuLo, nuHi, tauLo, tauHi string }

func (d domain) String() string {
	side := func(lo, hi string) string {
		if lo == hi {
			return "= " + lo
		}
		return "in [" + lo + ", " + hi + "]"
	}
	return fmt.Sprintf("mu in [-%s, %[1]s], omega in [-%s, %[2]s], nu %s, tau %s", d.mu, d.omega, side(d.nuLo, d.nuHi), side(d.tauLo, d.tauHi))
}

// all returns the whole domain as a box.
func (d domain) all() []Box {
	return []Box{{between("-"+d.mu, d.mu), between("-"+d.omega, d.omega), between(d.nuLo, d.nuHi), between(d.tauLo, d.tauHi)}}
}

// The map depends on m = mu omega and v = nu tau only. So omega can stay at its bound: mu alone then gives every m. Among all (nu, tau)
// with the same v it suffices to look at the worst, those with the largest tau (and smallest nu) or with the smallest tau (and largest
// nu). They form two sides of the rectangle of nu and tau, so four dimensions become two.

// largestTau returns boxes with, for each m and v of the domain, a point at the bound of omega with the largest tau and the smallest nu.
func (d domain) largestTau() []Box {
	mu, omega := between("-"+d.mu, d.mu), decimal(d.omega)
	return []Box{
		{mu, omega, between(d.nuLo, d.nuHi), decimal(d.tauHi)},
		{mu, omega, decimal(d.nuLo), between(d.tauLo, d.tauHi)},
	}
}

// smallestTau returns boxes with, for each m and v of the domain, a point at the bound of omega with the smallest tau and the largest nu.
func (d domain) smallestTau() []Box {
	mu, omega := between("-"+d.mu, d.mu), decimal(d.omega)
	return []Box{
		{mu, omega, between(d.nuLo, d.nuHi), decimal(d.tauLo)},
		{mu, omega, decimal(d.nuHi), between(d.tauLo, d.tauHi)},
	}
}

// between encloses the numbers from lo to hi.
func between(lo, hi string) interval.Interval {
	return interval.Interval{Lo: decimal(lo).Lo, Hi: decimal(hi).Hi}
}

// decimal encloses a decimal number of the program's text.
func decimal(s string) interval.Interval {
	a, err := interval.Decimal(s)
	if err != nil {
		panic(err)
	}
	return a
}
