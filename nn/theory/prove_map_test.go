package theory

import (
	"encoding/csv"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

const lambda0, alpha0 = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717

// plain is the moment map and its Jacobian's norm in float64.
type plain struct{ mean, variance, norm float64 }

// plainMap evaluates the paper's formulas as they stand, with Erfc, and the Jacobian by central differences.
func plainMap(lambda, mu, omega, nu, tau float64) plain {
	moments := func(mu, nu float64) (mean, variance float64) {
		m, v := mu*omega, nu*tau
		s := math.Sqrt(v)
		cdf := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
		pdf := math.Exp(-m*m/v/2) / math.Sqrt(2*math.Pi)
		e1, e2 := math.Exp(m+v/2)*cdf(-(m+v)/s), math.Exp(2*m+2*v)*cdf(-(m+2*v)/s)
		mean = lambda * (m*cdf(m/s) + s*pdf + alpha0*(e1-cdf(-m/s)))
		second := lambda * lambda * ((m*m+v)*cdf(m/s) + m*s*pdf + alpha0*alpha0*(e2-2*e1+cdf(-m/s)))
		return mean, second - mean*mean
	}
	const h = 1e-4
	difference := func(muStep, nuStep float64) (mean, variance float64) {
		at := func(k float64) (float64, float64) { return moments(mu+k*muStep, nu+k*nuStep) }
		m1, v1 := at(1)
		m2, v2 := at(-1)
		m3, v3 := at(2)
		m4, v4 := at(-2)
		return (8*(m1-m2) - (m3 - m4)) / 12 / h, (8*(v1-v2) - (v3 - v4)) / 12 / h
	}
	a, c := difference(h, 0)
	b, d := difference(0, h)
	mean, variance := moments(mu, nu)
	return plain{mean, variance, (math.Hypot(a+d, b-c) + math.Hypot(a-d, b+c)) / 2}
}

// At the points of the reference file the enclosures are narrow and contain the exact values.
func TestEnclosuresContainReference(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	rows, err := csv.NewReader(oracle.Open(t, "theory/moment_map.csv")).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		at := Box{decimal(row[0]), decimal(row[1]), decimal(row[2]), decimal(row[3])}
		j := p.enclose(at)
		got := []interval.Jet{
			j.mean, j.variance, j.dMean.m.Mul(j.omega), j.dMean.v.Mul(j.tau), j.dVariance.m.Mul(j.omega), j.dVariance.v.Mul(j.tau), j.norm(),
		}
		for i, g := range got {
			want, _, err := big.ParseFloat(row[4+i], 10, 200, big.ToNearestEven)
			if err != nil {
				t.Fatal(err)
			}
			// The reference is rounded itself, to about 20 digits.
			slack := big.NewFloat(1e-19 * max(1, g.V.Mag()))
			above := new(big.Float).Sub(want, slack).Cmp(big.NewFloat(g.V.Hi)) <= 0
			below := new(big.Float).Add(want, slack).Cmp(big.NewFloat(g.V.Lo)) >= 0
			if !above || !below || g.V.Width() > 1e-11*max(1, g.V.Mag()) {
				t.Errorf("%s at %v: %v is not in %v", rows[0][4+i], at, want, g.V)
			}
		}
	}
}

// The parameters of the reference file map their fixed points to themselves, and those of (0, 1) are the default.
func TestParametersContainReference(t *testing.T) {
	defaults, _ := Prover{}.withDefaults()
	rows, err := csv.NewReader(oracle.Open(t, "theory/selu_parameters.csv")).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		mean, variance, lambda, alpha := decimal(row[0]), decimal(row[1]), decimal(row[2]), decimal(row[3])
		j := Prover{Lambda: lambda, Alpha: alpha}.enclose(Box{Mu: mean, Nu: variance, Tau: interval.Point(1)})
		if !mean.Within(j.mean.V) || !variance.Within(j.variance.V) || j.mean.V.Width() > 1e-12 || j.variance.V.Width() > 1e-12 {
			t.Errorf("lambda %v, alpha %v: mean %v is mapped to %v, variance %v to %v", lambda, alpha, mean, j.mean.V, variance, j.variance.V)
		}
		if mean == interval.Point(0) && variance == interval.Point(1) && (lambda != defaults.Lambda || alpha != defaults.Alpha) {
			t.Errorf("lambda %v, alpha %v; the reference has %v and %v", defaults.Lambda, defaults.Alpha, lambda, alpha)
		}
	}
}

// (0, 1) is the fixed point for omega = 0 and tau = 1, and the norm there is the paper's.
func TestFixedPoint(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	one := interval.Point(1)
	j := p.enclose(Box{Nu: one, Tau: one})
	norm := j.norm().V
	if !j.mean.V.Contains(0) || !j.variance.V.Contains(1) || j.mean.V.Width() > 1e-12 || !norm.Within(between("0.78767", "0.78768")) {
		t.Errorf("g(0, 1) in %v x %v, norm in %v", j.mean.V, j.variance.V, norm)
	}
}

// The derivatives with respect to m and v by formula, and those that the jets carry, enclose the same numbers; and a box
// contains what its points give.
func TestMapJets(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string, lo, hi float64) (box, point interval.Interval) {
			x, y := rapid.Float64Range(lo, hi).Draw(t, name), rapid.Float64Range(lo, hi).Draw(t, name)
			return interval.Interval{Lo: min(x, y), Hi: max(x, y)}, interval.Point(x)
		}
		var b, at Box
		b.Mu, at.Mu = side("mu", -1, 1)
		b.Omega, at.Omega = side("omega", -0.1, 0.1)
		b.Nu, at.Nu = side("nu", 0.02, 16)
		b.Tau, at.Tau = side("tau", 0.8, 1.25)
		whole, point := p.enclose(b), p.enclose(at)
		common := func(name string, x, y interval.Interval) {
			if z := x.Intersect(y); !(z.Lo <= z.Hi) {
				t.Fatalf("%s: %v and %v in %v at %v", name, x, y, b, at)
			}
		}
		for _, j := range []mapJets{point, whole} {
			common("d mean / d mu", j.mean.D[0], j.dMean.m.Mul(j.omega).V)
			common("d mean / d nu", j.mean.D[2], j.dMean.v.Mul(j.tau).V)
			common("d variance / d mu", j.variance.D[0], j.dVariance.m.Mul(j.omega).V)
			common("d variance / d nu", j.variance.D[2], j.dVariance.v.Mul(j.tau).V)
		}
		for i, pair := range [][2]interval.Jet{{point.mean, whole.mean}, {point.second, whole.second}, {point.variance, whole.variance},
			{point.dMean.m, whole.dMean.m}, {point.dVariance.v, whole.dVariance.v}, {point.norm(), whole.norm()}} {
			common("value "+string(rune('0'+i)), pair[0].V, pair[1].V)
			for k := range pair[0].D {
				common("derivative "+string(rune('0'+k))+" of value "+string(rune('0'+i)), pair[0].D[k], pair[1].D[k])
			}
		}
	})
}
