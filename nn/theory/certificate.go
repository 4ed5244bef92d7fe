package theory

import (
	"fmt"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Certificate holds the proven claims and the amount of work that the proof took.
type Certificate struct {
	Theorem Theorem
	// Lambda and Alpha are the parameters of the SELU for which the proof holds.
	Lambda, Alpha interval.Interval
	Claims        []Claim
	// Boxes is the number of boxes examined.
	Boxes int
	// Margin is a lower bound of the margins of all claims of the theorem.
	Margin  float64
	Elapsed time.Duration
}

// Claim is an inequality on a domain, and the result of the attempt to prove it.
type Claim struct {
	// Statement is the claim in words, with its domain.
	Statement string
	// Beyond marks a claim that goes beyond the theorem: if it fails, the theorem still holds.
	Beyond bool
	Boxes  int
	// Margin encloses the smallest distance between the two sides of the inequality on the domain, attained in At.
	Margin interval.Interval
	At     Box
	// Failure locates where the claim fails; it is nil if the claim is proven.
	Failure *ProofError
}

func (c *Certificate) add(x Claim) {
	if !x.Beyond && (len(c.Claims) == 0 || !(c.Margin <= x.Margin.Lo)) {
		c.Margin = x.Margin.Lo
	}
	c.Boxes += x.Boxes
	c.Claims = append(c.Claims, x)
}

// String returns a line per claim and a line about the work.
func (c Certificate) String() string {
	var b strings.Builder
	for _, x := range c.Claims {
		fmt.Fprintf(&b, "%v: %v\n", c.Theorem, x)
	}
	fmt.Fprintf(&b, "%v: %d claims, %d boxes, smallest margin %.3g, %v\n",
		c.Theorem, len(c.Claims), c.Boxes, c.Margin, c.Elapsed.Round(time.Millisecond))
	return b.String()
}

// String returns the claim with its margin, or with the box where it fails.
func (c Claim) String() string {
	status := "proven"
	switch {
	case c.Failure != nil && c.Failure.Refuted:
		status = "FALSE"
	case c.Failure != nil:
		status = "UNDECIDED"
	}
	if c.Beyond {
		status += " (beyond the theorem)"
	}
	return fmt.Sprintf("%s: %s; margin in %.7g to %.7g, at %v, %d boxes", status, c.Statement, c.Margin.Lo, c.Margin.Hi, c.At, c.Boxes)
}

func (t Theorem) String() string { return fmt.Sprintf("theorem %d", int(t)) }

// Box is a set of arguments of the moment map: the product of four intervals.
type Box struct{ Mu, Omega, Nu, Tau interval.Interval }

// String returns the sides of the box, with 7 digits.
func (b Box) String() string {
	return fmt.Sprintf("(mu %s, omega %s, nu %s, tau %s)", digits(b.Mu), digits(b.Omega), digits(b.Nu), digits(b.Tau))
}

// digits returns the ends of a with 7 digits.
func digits(a interval.Interval) string {
	lo, hi := fmt.Sprintf("%.7g", a.Lo), fmt.Sprintf("%.7g", a.Hi)
	if lo == hi {
		return lo
	}
	return fmt.Sprintf("[%s, %s]", lo, hi)
}

func (b Box) sides() [interval.Vars]interval.Interval {
	return [interval.Vars]interval.Interval{b.Mu, b.Omega, b.Nu, b.Tau}
}

func boxOf(s [interval.Vars]interval.Interval) Box { return Box{s[0], s[1], s[2], s[3]} }

// ProofError is the error of a claim that is false or undecided, with the place.
type ProofError struct {
	// Theorem is 0 for a claim of [Prover.ProveGlobal].
	Theorem Theorem
	Claim   string
	// Box is where the proof failed. If Refuted, the claim is false at each of its points, and at least one of them belongs to the domain.
	// Otherwise the claim is undecided: Box is too small to split, lambda and alpha are too vague, or the limit of boxes was reached.
	Box     Box
	Refuted bool
	// Margin encloses the difference of the two sides of the claim on Box. A claim holds where it is positive.
	Margin interval.Interval
}

func (e *ProofError) Error() string {
	if e == nil {
		return "theory: no proof error"
	}
	verdict := "neither proven nor refuted in"
	if e.Refuted {
		verdict = "false in"
	}
	name := ""
	if e.Theorem != 0 {
		name = e.Theorem.String() + ": "
	}
	return fmt.Sprintf("theory: %s%s: %s %v, margin in [%.7g, %.7g]", name, e.Claim, verdict, e.Box, e.Margin.Lo, e.Margin.Hi)
}
