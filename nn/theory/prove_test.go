package theory

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

var allTheorems = []Theorem{Theorem1, Theorem2, Theorem3}

func TestTheoremsAreProven(t *testing.T) {
	for _, theorem := range allTheorems {
		c, err := Prove(theorem)
		t.Logf("\n%v", c)
		if err != nil {
			t.Fatal(err)
		}
		if !(c.Margin > 0) || c.Boxes == 0 || len(c.Claims) != len(theorems[theorem]) {
			t.Errorf("%v: margin %v, %d boxes, %d claims", theorem, c.Margin, c.Boxes, len(c.Claims))
		}
		for _, x := range c.Claims {
			if x.Margin.Width() > 2*marginTolerance {
				t.Errorf("%v: the margin is known to %g only", x, x.Margin.Width())
			}
			if x.Failure != nil && !x.Beyond {
				t.Errorf("the theorem is said to hold in spite of %v", x.Failure)
			}
		}
	}
}

// The paper's bound -0.03106 of the fixed points' mu, taken as a bound of the image, is false by 5e-7: the corner that the
// certificate names exceeds it in plain float64 arithmetic too.
func TestImageExceedsRoundedBound(t *testing.T) {
	c, err := Prove(Theorem1)
	if err != nil {
		t.Fatal(err)
	}
	failed := c.Claims[len(c.Claims)-1].Failure
	if failed == nil || !failed.Refuted {
		t.Fatalf("%v is not refuted", c.Claims[len(c.Claims)-1])
	}
	b := failed.Box
	mean := plainMap(lambda0, b.Mu.Mid(), b.Omega.Mid(), b.Nu.Mid(), b.Tau.Mid()).mean
	if math.Abs(mean+0.03106-failed.Margin.Mid()) > 1e-12 || mean > -0.0310605 {
		t.Errorf("%v, but next mu is %v", failed, mean)
	}
}

// Theorem 2 cannot be iterated as it stands: the mean leaves its domain.
func TestMeanLeavesTheorem2(t *testing.T) {
	c, err := Prove(Theorem2)
	if err != nil {
		t.Fatal(err)
	}
	failed := c.Claims[len(c.Claims)-1].Failure
	if failed == nil || !failed.Refuted {
		t.Fatalf("%v is not refuted", c.Claims[len(c.Claims)-1])
	}
	b := failed.Box
	mean := plainMap(lambda0, b.Mu.Mid(), b.Omega.Mid(), b.Nu.Mid(), b.Tau.Mid()).mean
	if math.Abs(1-mean-failed.Margin.Mid()) > 1e-12 || math.Abs(mean-1.213) > 0.001 {
		t.Errorf("%v, but next mu is %v", failed, mean)
	}
}

// The search of the whole domain must agree with the search of its worst points, which relies on an argument by hand.
func TestAllVariables(t *testing.T) {
	claims := append([]claim{increases(domain{"0.1", "0.1", "0.2", "0.24", "0.9", "1.25"})}, theorems[Theorem2][:2]...)
	claims = append(claims, theorems[Theorem1][:6]...)
	few, _ := Prover{}.withDefaults()
	all, _ := Prover{AllVariables: true}.withDefaults()
	for _, c := range claims {
		a, errA := few.search(context.Background(), c)
		b, errB := all.search(context.Background(), c)
		if errA != nil || errB != nil {
			t.Errorf("%v: %v, %v", c, errA, errB)
		} else if common := a.Margin.Intersect(b.Margin); !(common.Lo <= common.Hi) || b.Boxes <= a.Boxes {
			t.Errorf("%v: margin %v in two dimensions, %v in four; %d and %d boxes", c, a.Margin, b.Margin, a.Boxes, b.Boxes)
		}
	}
}

func TestNumberOfThreadsDoesNotMatter(t *testing.T) {
	for _, theorem := range allTheorems {
		var want string
		for _, workers := range []int{1, 2, 7} {
			c, err := Prover{Workers: workers}.Prove(context.Background(), theorem)
			if err != nil {
				t.Fatal(err)
			}
			c.Elapsed = 0
			if want == "" {
				want = c.String()
			} else if got := c.String(); got != want {
				t.Errorf("%d workers:\n%s\none:\n%s", workers, got, want)
			}
		}
	}
}

// scaled is the paper's SELU with lambda times a factor.
func scaled(factor string) Prover {
	p, _ := Prover{}.withDefaults()
	p.Lambda = p.Lambda.Mul(decimal(factor))
	return p
}

// With another lambda Theorem 1 is false. The error names a point where plain float64 arithmetic agrees.
func TestAnotherLambdaFails(t *testing.T) {
	c, err := scaled("1.2").Prove(context.Background(), Theorem1)
	var failed *ProofError
	if !errors.As(err, &failed) || !failed.Refuted || failed.Theorem != Theorem1 {
		t.Fatalf("lambda times 1.2: %v", err)
	}
	b := failed.Box
	norm := plainMap(1.2*lambda0, b.Mu.Mid(), b.Omega.Mid(), b.Nu.Mid(), b.Tau.Mid()).norm
	if norm < 1 || math.Abs(failed.Margin.Mid()-1+norm) > 1e-9 {
		t.Errorf("%v, but the norm there is %v", failed, norm)
	}
	if n := len(c.Claims); n == 0 || c.Claims[n-1].Failure != failed || !(c.Margin <= 0) {
		t.Errorf("the certificate does not hold the failure: %v", c)
	}
	if !strings.Contains(err.Error(), "mu ") || !strings.Contains(err.Error(), "spectral norm") {
		t.Errorf("%q names no box and claim", err)
	}
	if _, err := scaled("0.9").Prove(context.Background(), Theorem3); !errors.As(err, &failed) {
		t.Errorf("lambda times 0.9: %v", err)
	}
}

// An activation known too roughly can be neither proven nor refuted; the box that remains is small.
func TestUndecided(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	p.Lambda = interval.Interval{Lo: 1.045, Hi: 1.056}
	_, err := p.Prove(context.Background(), Theorem1)
	var failed *ProofError
	if !errors.As(err, &failed) || failed.Refuted || !(failed.Margin.Lo <= 0 && failed.Margin.Hi > 0) {
		t.Errorf("lambda in %v: %v", p.Lambda, err)
	}
}

// A claim that is false by a hair must not be proven, and one that is true by a hair must be.
func TestMarginsAreSharp(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	for _, theorem := range allTheorems {
		for _, c := range theorems[theorem] {
			proven, err := p.search(context.Background(), c)
			if err != nil {
				continue
			}
			shift := func(by float64) claim {
				moved := c
				moved.margin = func(j mapJets) interval.Jet { return c.margin(j).Sub(interval.Const(interval.Point(by))) }
				return moved
			}
			var failed *ProofError
			if _, err := p.search(context.Background(), shift(proven.Margin.Hi+1e-9)); !errors.As(err, &failed) {
				t.Errorf("%v: the margin is %v, but that much and more is proven: %v", c, proven.Margin, err)
			}
			if _, err := p.search(context.Background(), shift(proven.Margin.Lo-1e-9)); err != nil {
				t.Errorf("%v: %v", c, err)
			}
		}
	}
}

// No point of a domain has a smaller margin than the certificate states, corners and faces included.
func TestMarginsHoldAtRandomPoints(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	r := rand.New(rand.NewPCG(7, 8))
	for _, theorem := range allTheorems {
		for _, c := range theorems[theorem] {
			proven, err := p.search(context.Background(), c)
			if err != nil {
				continue
			}
			domain := c.domain.all()[0]
			for range 200 {
				sides := domain.sides()
				for i, s := range sides {
					x := s.Lo + r.Float64()*(s.Hi-s.Lo)
					switch r.IntN(4) {
					case 0:
						x = s.Lo
					case 1:
						x = s.Hi
					}
					sides[i] = interval.Point(x)
				}
				if got := p.over(c, boxOf(sides)).V; !(got.Hi >= proven.Margin.Lo) {
					t.Fatalf("%v: margin %v at %v is below %v", c, got, boxOf(sides), proven.Margin)
				}
			}
		}
	}
}

// The worst points of a domain are worst: for a random point there is one with the same m and v, and no larger margin.
func TestWorstPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		mu, omega := draw("mu", -0.1, 0.1), draw("omega", -0.1, 0.1)
		nu, tau := draw("nu", 0.8, 1.5), draw("tau", 0.8, 1.25)
		here := plainMap(lambda0, mu, omega, nu, tau)
		worstTau := min(1.25, nu*tau/0.8)
		worst := plainMap(lambda0, mu*omega/0.1, 0.1, nu*tau/worstTau, worstTau)
		if worst.norm < here.norm-1e-9 || math.Abs(worst.mean-here.mean) > 1e-12 || math.Abs(worst.variance-here.variance) > 1e-12 {
			t.Errorf("norm, mean, variance %v here, %v at the worst point", here, worst)
		}
	})
}

func TestProveRefuses(t *testing.T) {
	if _, err := Prove(4); err == nil {
		t.Error("there is no theorem 4")
	}
	for _, lambda := range []interval.Interval{{Lo: 2, Hi: 1}, {Lo: math.NaN(), Hi: 1}, {Lo: 1, Hi: math.Inf(1)}} {
		if _, err := (Prover{Lambda: lambda}).Prove(context.Background(), Theorem2); err == nil {
			t.Errorf("lambda in %v is accepted", lambda)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Prover{}).Prove(ctx, Theorem2); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

// BenchmarkProve proves all three theorems, in two dimensions and in four.
func BenchmarkProve(b *testing.B) {
	for name, p := range map[string]Prover{"worst points": {}, "all variables": {AllVariables: true}} {
		b.Run(name, func(b *testing.B) {
			boxes := 0
			for b.Loop() {
				boxes = 0
				for _, theorem := range allTheorems {
					c, err := p.Prove(context.Background(), theorem)
					if err != nil {
						b.Fatal(err)
					}
					boxes += c.Boxes
				}
			}
			b.ReportMetric(float64(boxes), "boxes")
		})
	}
}
