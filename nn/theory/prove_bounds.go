package theory

import (
	"context"
	"fmt"
	"math"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// DerivativeBound encloses the range of a second derivative of the moment map over the domain of Theorem 1 with tau in [0.8, 1.25].
type DerivativeBound struct {
	// Moment is the moment that is differentiated, "mean", "second moment" or "variance" of a unit's activations; By is the variable of its first derivative, an
	// entry of a Jacobian, "mu" or "nu"; Then is the variable by which that entry is differentiated, "mu", "omega", "nu" or "tau".
	Moment, By, Then string
	// Smallest and Largest enclose the ends of the range, to 1e-9.
	Smallest, Largest Extreme

	derivative objective
}

// Over encloses the values of the derivative over any box with nu and tau above 0.
func (d DerivativeBound) Over(b Box) interval.Interval {
	if d.derivative == nil {
		return interval.Interval{Lo: math.Inf(-1), Hi: math.Inf(1)}
	}
	return d.derivative(b).V
}

// String returns a line with both ends.
func (d DerivativeBound) String() string {
	return fmt.Sprintf("d/d%s d/d%s of the %s: smallest in [%.10g, %.10g] at %v, largest in [%.10g, %.10g] at %v", d.Then, d.By, d.Moment,
		d.Smallest.Value.Lo, d.Smallest.Value.Hi, d.Smallest.At, d.Largest.Value.Lo, d.Largest.Value.Hi, d.Largest.At)
}

// derivativeTolerance is how closely the ends are enclosed.
const derivativeTolerance = 1e-9

// variableNames are those of the arguments of the map, in the order of a [Box].
var variableNames = [interval.Vars]string{"mu", "omega", "nu", "tau"}

// secondDerivatives lists which entries of a Jacobian [Prover.DerivativeBounds] differentiates.
var secondDerivatives = []struct {
	moment, by string
	of         func(curvature) [interval.Vars]interval.Jet
}{
	{"mean", "mu", func(c curvature) [interval.Vars]interval.Jet { return c.byMu(c.mean) }},
	{"mean", "nu", func(c curvature) [interval.Vars]interval.Jet { return c.byNu(c.mean) }},
	{"second moment", "mu", func(c curvature) [interval.Vars]interval.Jet { return c.byMu(c.second) }},
	{"second moment", "nu", func(c curvature) [interval.Vars]interval.Jet { return c.byNu(c.second) }},
	{"variance", "mu", func(c curvature) [interval.Vars]interval.Jet { return c.byMu(c.variance) }},
	{"variance", "nu", func(c curvature) [interval.Vars]interval.Jet { return c.byNu(c.variance) }},
}

// DerivativeBounds encloses the ranges of the derivatives, with respect to mu, omega, nu and tau, of the entries of the map's Jacobian: first the eight of
// the next mean, then those of the next second moment, then those of the next variance. The appendix of Klambauer et al. 2017 (A6, Eq. 321) has numerical
// values: its J11 and J12 are the rows of the mean, and its J21 and J22 those of the second moment.
//
// The errors are that of ctx, and those of lambda and alpha that are no short intervals.
func (p Prover) DerivativeBounds(ctx context.Context) ([]DerivativeBound, error) {
	if ctx == nil {
		return nil, errors.New("theory: the context is nil")
	}
	p, err := p.withDefaults()
	if err != nil {
		return nil, err
	}
	all := domain{"0.1", "0.1", "0.8", "1.5", "0.8", "1.25"}.all()[0]
	boxes := all.rim()
	if p.AllVariables {
		boxes = []Box{all}
	}
	var table []DerivativeBound
	for _, entry := range secondDerivatives {
		for k, variable := range variableNames {
			f := func(b Box) interval.Jet { return entry.of(p.curvature(b))[k] }
			d := DerivativeBound{Moment: entry.moment, By: entry.by, Then: variable, derivative: f}
			if d.Smallest, err = p.minimum(ctx, f, boxes, derivativeTolerance); err != nil {
				return nil, err
			}
			if d.Largest, err = p.maximum(ctx, f, boxes, derivativeTolerance); err != nil {
				return nil, err
			}
			table = append(table, d)
		}
	}
	return table, nil
}

// rim returns 16 boxes of two dimensions: a side of the rectangle of mu and omega, times a side of that of nu and tau. A function of m = mu omega
// and v = nu tau, times powers of mu, omega, nu and tau, has its extremes there: with m and v held, mu and omega move along a hyperbola, nu
// and tau along another, and the function is monotone along both. (Where m = 0, mu and omega move along an axis.)
func (b Box) rim() (all []Box) {
	for _, outer := range [][2]interval.Interval{{b.Mu, b.Omega.AtLo()}, {b.Mu, b.Omega.AtHi()}, {b.Mu.AtLo(), b.Omega}, {b.Mu.AtHi(), b.Omega}} {
		for _, inner := range [][2]interval.Interval{{b.Nu, b.Tau.AtLo()}, {b.Nu, b.Tau.AtHi()}, {b.Nu.AtLo(), b.Tau}, {b.Nu.AtHi(), b.Tau}} {
			all = append(all, Box{outer[0], outer[1], inner[0], inner[1]})
		}
	}
	return all
}
