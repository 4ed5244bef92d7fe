package theory

import (
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// The constants of the reference file, of 40 digits, are in the enclosures, which are narrow.
func TestSolveEnclosed(t *testing.T) {
	rows, err := csv.NewReader(oracle.Open(t, "theory/selu_parameters.csv")).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		mean, _ := strconv.ParseFloat(row[0], 64)
		variance, _ := strconv.ParseFloat(row[1], 64)
		lambda, alpha, err := SolveEnclosed(Moments{mean, variance}, LeCun)
		if err != nil || !decimal(row[2]).Within(lambda) || !decimal(row[3]).Within(alpha) || lambda.Width() > 1e-12 || alpha.Width() > 1e-11 {
			t.Errorf("mean %v and variance %v: lambda %v, alpha %v (%v), want %s and %s", mean, variance, lambda, alpha, err, row[2], row[3])
		}
	}
	for _, fixed := range []Moments{{-0.3, 0.7}, {0.2, 3}, {0, 1e-3}} {
		w := Weights{Omega: 0.2, Tau: 0.9}
		lambda, alpha, err := SolveEnclosed(fixed, w)
		p, err2 := Solve(fixed, w)
		if err != nil || err2 != nil || math.Abs(lambda.Mid()-p.Lambda) > 1e-10 || math.Abs(alpha.Mid()-p.Alpha) > 1e-10 {
			t.Errorf("%v: %v and %v (%v), Solve has %v (%v)", fixed, lambda, alpha, err, p, err2)
		}
	}
	for _, fixed := range []Moments{{3, 0.1}, {0, 0}, {0, 1e-200}, {0, math.NaN()}} {
		if _, _, err := SolveEnclosed(fixed, LeCun); !errors.Is(err, ErrDomain) {
			t.Errorf("%v: %v", fixed, err)
		}
	}
}

// A certificate holds in float64 at random points, and not in a domain a little larger.
func TestFixedPointsAreProven(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	fixed := Moments{0, 2}
	c, err := ProveFixedPoint(fixed, LeCun)
	t.Logf("\n%v", c)
	if err != nil || len(c.Claims) != 8 || !(c.Margin > 0) || c.Scale < 1 {
		t.Fatalf("%v: %v", fixed, err)
	}
	params, _ := Solve(fixed, LeCun)
	d := c.Domain
	if !d.Mu.Contains(fixed.Mean) || !d.Nu.Contains(fixed.Variance) || !d.Omega.Contains(0) || !d.Tau.Contains(1) {
		t.Errorf("%v is not in its domain %v", fixed, d)
	}
	for range 500 {
		at := func(x interval.Interval) float64 { return x.Lo + r.Float64()*(x.Hi-x.Lo) }
		l, m := Layer{Activation: params, Weights: Weights{at(d.Omega), at(d.Tau)}}, Moments{at(d.Mu), at(d.Nu)}
		next, err1 := l.Map(m)
		j, err2 := l.Jacobian(m)
		if err1 != nil || err2 != nil || !(j.Norm() < 1) || !d.Mu.Contains(next.Mean) || !d.Nu.Contains(next.Variance) {
			t.Fatalf("%v: %+v maps %v to %v, norm %v", fixed, l.Weights, m, next, j.Norm())
		}
	}
	p, _ := Prover{Lambda: c.Lambda, Alpha: c.Alpha}.withDefaults()
	a := surroundings{p, fixed, LeCun}
	if ok, err := a.holds(t.Context(), a.domain(c.Scale+0.01, c.WeightScale).contraction()); ok || err != nil {
		t.Errorf("%v: more than the scale %v is proven (%v)", fixed, c.Scale, err)
	}
}

// For (0, 1) and the scale 1, the domain is that of the paper's theorem, and it holds there and in the ranges of the variance of the other two.
func TestPaperDomainIsFound(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	a := surroundings{p, Normalized, LeCun}
	r := a.domain(1, 1)
	if paper := theorems[Theorem1][0].domain.all()[0]; r.box() != paper {
		t.Errorf("the domain %v, the paper's is %v", r.box(), paper)
	}
	if ok, err := a.holds(t.Context(), r.contraction()); !ok || err != nil {
		t.Errorf("the paper's domain is not proven: %v", err)
	}
	for _, claim := range []regionClaim{a.wide(1, 0.8, 300, 1600).falls(), a.wide(0.1, 0.8, 2, 16).rises(), a.wide(0.1, 0.9, 2, 24).rises()} {
		if ok, err := a.holds(t.Context(), []regionClaim{claim}); !ok || err != nil {
			t.Errorf("%v is not proven: %v", claim, err)
		}
	}
}

// The rim of a domain has its worst points: all four variables give the same margin.
func TestRimOfRegions(t *testing.T) {
	fixed := Moments{-0.1, 1}
	lambda, alpha, err := SolveEnclosed(fixed, LeCun)
	if err != nil {
		t.Fatal(err)
	}
	few, _ := Prover{Lambda: lambda, Alpha: alpha}.withDefaults()
	all := few
	all.AllVariables = true
	claims := surroundings{few, fixed, LeCun}.domain(0.5, 1).contraction()
	x, err1 := few.proveAll(t.Context(), claims)
	y, err2 := all.proveAll(t.Context(), claims)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for i := range x {
		if both := x[i].Margin.Intersect(y[i].Margin); !(both.Lo <= both.Hi) {
			t.Errorf("%v, but %v in four dimensions", x[i], y[i])
		}
	}
}

func TestFixedPointIsTheSameForAnyThreads(t *testing.T) {
	var want string
	for _, workers := range []int{1, 5} {
		c, err := Prover{Workers: workers}.ProveFixedPoint(t.Context(), Moments{0, 100}, LeCun)
		if c.Elapsed = 0; err != nil || want != "" && c.String() != want {
			t.Fatalf("%d workers: %v\n%v\nwant\n%s", workers, err, c, want)
		}
		want = c.String()
	}
	if !strings.Contains(want, "fixed point (0, 100): proven: spectral norm") {
		t.Error(want)
	}
}

func TestFixedPointsRefused(t *testing.T) {
	if _, err := ProveFixedPoint(Moments{0.5, 1}, LeCun); !errors.Is(err, ErrNoDomain) {
		t.Errorf("a mean of 0.5: %v", err)
	}
	if _, err := ProveFixedPoint(Moments{3, 0.1}, LeCun); !errors.Is(err, ErrDomain) {
		t.Errorf("no SELU: %v", err)
	}
	p := scaled("1.2")
	if _, err := p.ProveFixedPoint(t.Context(), Normalized, LeCun); !errors.Is(err, ErrNoDomain) {
		t.Errorf("lambda times 1.2: %v", err)
	}
	if _, err := (Prover{Lambda: interval.Interval{Lo: 2, Hi: 1}}).ProveFixedPoint(t.Context(), Normalized, LeCun); err == nil {
		t.Error("lambda is no interval")
	}
	var none context.Context
	if _, err := (Prover{}).ProveFixedPoint(none, Normalized, LeCun); err == nil {
		t.Error("without a context")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Prover{}).ProveFixedPoint(ctx, Normalized, LeCun); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

// A claim that fails is reported with its place, refuted or not.
func TestProveAllFails(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	a := surroundings{p, Normalized, LeCun}
	claims := a.domain(1, 8).contraction()
	proven, err := p.proveAll(t.Context(), claims)
	var failed *ProofError
	if !errors.As(err, &failed) || !failed.Refuted || len(proven) == 0 || proven[len(proven)-1].Failure != failed {
		t.Errorf("%v, %v", proven, err)
	}
}
