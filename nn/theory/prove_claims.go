package theory

import (
	"fmt"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// theorems lists the claims of each theorem.
var theorems = map[Theorem][]claim{
	Theorem1: theorem1(),
	Theorem2: theorem2(),
	Theorem3: { // the main text, then the appendix
		increases(domain{"0.1", "0.1", "0.02", "0.16", "0.8", "1.25"}),
		increases(domain{"0.1", "0.1", "0.02", "0.24", "0.9", "1.25"}),
		increases(domain{"0.1", "0.1", "0.05", "0.16", "0.8", "1.25"}),
		increases(domain{"0.1", "0.1", "0.05", "0.24", "0.9", "1.25"}),
	},
}

// theorem1 proves the place of the fixed points in two steps. The image of the domain lies in a rectangle, the paper's with
// its bounds rounded outward, and so do the fixed points. Hence they also lie in the image of that rectangle.
func theorem1() []claim {
	main := domain{"0.1", "0.1", "0.8", "1.5", "0.95", "1.1"}
	image := domain{"0.06773", "0.1", "0.80009", "1.48617", "0.95", "1.1"}
	claims := []claim{
		contracts(main),
		contracts(domain{"0.1", "0.1", "0.8", "1.5", "0.8", "1.25"}), // of the appendix
	}
	claims = append(claims, staysIn(main, "-0.1", "0.1", "0.8", "1.5")...)
	claims = append(claims, staysIn(main, "-0.03107", "0.06773", "0.80009", "1.48617")...)
	claims = append(claims, staysIn(image, "-0.03106", "0.06773", "0.80009", "1.48617")...)
	// The paper's bound of mu is rounded to nearest: the image of the whole domain exceeds it a little.
	rounded := staysIn(main, "-0.03106", "0.06773", "0.80009", "1.48617")[0]
	rounded.beyond = true
	return append(claims, rounded)
}

// theorem2 adds two claims about what happens in the layers that follow. The second is false: the mean leaves the domain.
func theorem2() []claim {
	main := domain{"1", "0.1", "3", "16", "0.8", "1.25"}
	mean := staysIn(domain{"1", "0.1", "16", "16", "1.25", "1.25"}, "-1", "1", "3", "16")[1]
	mean.beyond = true
	return []claim{decreases(main), secondMomentDecreases(main), mean}
}

// claim is an inequality, margin > 0 or margin >= 0, on a domain. If it holds at the worst points of the domain, it holds everywhere.
type claim struct {
	inequality string
	domain     domain
	worst      func(domain) []Box
	beyond     bool
	margin     func(mapJets) interval.Jet
}

func (c claim) String() string { return fmt.Sprintf("%s for %v", c.inequality, c.domain) }

// contracts claims a spectral norm below 1. For given m and v the Jacobian is K diag(omega, tau) with a fixed matrix K, so its
// norm grows with |omega| and tau.
func contracts(d domain) claim {
	return claim{
		inequality: "spectral norm of the Jacobian < 1", domain: d, worst: domain.largestTau,
		margin: func(j mapJets) interval.Jet { return constant("1").Sub(j.norm()) },
	}
}

// staysIn claims that the map takes the domain into a rectangle. Its image depends on m and v alone.
func staysIn(d domain, muLo, muHi, nuLo, nuHi string) []claim {
	return []claim{
		{"next mu >= " + muLo, d, domain.largestTau, false, func(j mapJets) interval.Jet { return j.mean.Sub(constant(muLo)) }},
		{"next mu <= " + muHi, d, domain.largestTau, false, func(j mapJets) interval.Jet { return constant(muHi).Sub(j.mean) }},
		{"next nu >= " + nuLo, d, domain.largestTau, false, func(j mapJets) interval.Jet { return j.variance.Sub(constant(nuLo)) }},
		{"next nu <= " + nuHi, d, domain.largestTau, false, func(j mapJets) interval.Jet { return constant(nuHi).Sub(j.variance) }},
	}
}

// decreases claims that the variance decreases: hardest for the smallest nu.
func decreases(d domain) claim {
	return claim{
		inequality: "next nu < nu", domain: d, worst: domain.largestTau,
		margin: func(j mapJets) interval.Jet { return j.nu.Sub(j.variance) },
	}
}

// secondMomentDecreases claims more: that even the second moment, next nu + (next mu)^2, is below nu.
func secondMomentDecreases(d domain) claim {
	return claim{
		inequality: "next second moment < nu", domain: d, worst: domain.largestTau, beyond: true,
		margin: func(j mapJets) interval.Jet { return j.nu.Sub(j.second) },
	}
}

// increases claims that the variance increases: hardest for the largest nu.
func increases(d domain) claim {
	return claim{
		inequality: "next nu > nu", domain: d, worst: domain.smallestTau,
		margin: func(j mapJets) interval.Jet { return j.variance.Sub(j.nu) },
	}
}

func constant(s string) interval.Jet { return interval.Const(decimal(s)) }
