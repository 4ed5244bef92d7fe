package theory

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// proven is the certificate of the global theorem, which several tests look at.
var proven = sync.OnceValues(func() (GlobalCertificate, error) { return Prover{}.ProveGlobal(context.Background(), Global{}) })

// narrow starts where the paper says nothing, between its Theorems 3 and 2. It takes a tenth of the time.
var narrow = Global{Start: Region{between("-1", "1"), between("0.24", "3")}}

func mustProve(t *testing.T, p Prover, g Global) GlobalCertificate {
	t.Helper()
	c, err := p.ProveGlobal(context.Background(), g)
	if err != nil || c.Failure != nil {
		t.Fatalf("%v: %v", c, err)
	}
	return c
}

func TestGlobalTheorem(t *testing.T) {
	c, err := proven()
	t.Logf("\n%v", c)
	if err != nil {
		t.Fatal(err)
	}
	if c.N > 30 || len(c.Layers) != c.N+1 || !c.Layers[c.N].Hull.Within(c.Global.Target) || c.Layers[c.N-1].Hull.Within(c.Global.Target) {
		t.Errorf("in the target after %d layers of %d", c.N, len(c.Layers))
	}
	if !(c.Margin > 0) || !c.Stays.Within(c.Global.Target) || c.Failure != nil {
		t.Errorf("the target's image is %v, margin %v", c.Stays, c.Margin)
	}
	checkPath(t, SELU, c.Global, c.Counterexample, c.N-1)
}

// checkPath checks with the closed form in float64 that a path of so many layers is what its certificate says.
func checkPath(t *testing.T, selu Params, g Global, x *Path, layers int) {
	t.Helper()
	if x == nil || len(x.Weights) != layers || !g.Start.Mu.Contains(x.Start.Mean) || !g.Start.Nu.Contains(x.Start.Variance) {
		t.Fatalf("no path of %d layers: %v", layers, x)
	}
	m := x.Start
	for _, w := range x.Weights {
		if !g.Omega.Contains(w.Omega) || !g.Tau.Contains(w.Tau) {
			t.Errorf("weights %v are not allowed", w)
		}
		m = step(selu, m, w)
	}
	if !near(m, x.End, 1e-9) || near(m, g.Target, 0) || !(x.End.margin(g.Target).Hi < 0) {
		t.Errorf("the path ends at %v, in %v", m, x.End)
	}
}

func step(selu Params, m Moments, w Weights) Moments {
	next, err := Layer{Activation: selu, Weights: w}.Map(m)
	if err != nil {
		panic(err)
	}
	return next
}

// near reports whether m lies in r, or no farther away than slack.
func near(m Moments, r Region, slack float64) bool {
	return m.Mean >= r.Mu.Lo-slack && m.Mean <= r.Mu.Hi+slack && m.Variance >= r.Nu.Lo-slack && m.Variance <= r.Nu.Hi+slack
}

// Networks with random or extreme inputs and weights stay in the enclosure of each layer. They do not come close to all of its sides: few networks are
// as bad as can be.
func TestWalksStayEnclosed(t *testing.T) {
	c, err := proven()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(a interval.Interval) float64 {
		switch r.IntN(3) {
		case 0:
			return a.Lo
		case 1:
			return a.Hi
		}
		return a.Lo + r.Float64()*a.Width()
	}
	g := c.Global
	for range 3000 {
		m := Moments{draw(g.Start.Mu), math.Exp(draw(interval.Interval{Lo: math.Log(g.Start.Nu.Lo), Hi: math.Log(g.Start.Nu.Hi)}))}
		constant, w := r.IntN(2) == 0, Weights{draw(g.Omega), draw(g.Tau)}
		for k, layer := range c.Layers {
			inside := false
			for _, region := range layer.Regions {
				inside = inside || near(m, region, 1e-12)
			}
			if !inside {
				t.Fatalf("%v is not in the enclosure after %d layers, %v", m, k, layer.Hull)
			}
			if !constant {
				w = Weights{draw(g.Omega), draw(g.Tau)}
			}
			m = step(SELU, m, w)
		}
	}
}

// The largest number of layers that a network on a grid of inputs and constant weights needs is at most the proven one, and not far below.
func TestGridNeedsNoMoreLayers(t *testing.T) {
	c := mustProve(t, Prover{}, narrow)
	most := 0
	for _, mu := range []float64{-1, -0.5, 0, 0.5, 1} {
		for _, nu := range []float64{0.24, 0.5, 0.8, 1.2, 1.5, 3} {
			for _, w := range []Weights{{-0.1, 0.95}, {0, 0.95}, {0.1, 0.95}, {-0.1, 1.1}, {0.1, 1.1}, {0, 1}} {
				n := 0
				for m := (Moments{mu, nu}); !near(m, c.Global.Target, 0); n++ {
					m = step(SELU, m, w)
				}
				most = max(most, n)
			}
		}
	}
	if most > c.N || most < c.N-1 {
		t.Errorf("%d layers on a grid, %d proven", most, c.N)
	}
	checkPath(t, SELU, c.Global, c.Counterexample, c.N-1)
}

// More strips prove no more layers; a single one, whose enclosures are rectangles, proves the theorem too.
func TestStrips(t *testing.T) {
	last := math.MaxInt
	for _, strips := range []int{1, 4, 64} {
		g := narrow
		g.Strips = strips
		c := mustProve(t, Prover{}, g)
		if c.N > last {
			t.Errorf("%d layers with %d strips, %d with fewer", c.N, strips, last)
		}
		last = c.N
		for _, l := range c.Layers {
			if n := len(l.Regions); n > strips || n == 0 {
				t.Errorf("%d rectangles in %d strips", n, strips)
			}
		}
	}
}

func TestThreadsDoNotMatterGlobally(t *testing.T) {
	var want string
	for _, workers := range []int{1, 2, 7} {
		c := mustProve(t, Prover{Workers: workers}, narrow)
		c.Elapsed = 0
		if want == "" {
			want = c.String()
		} else if got := c.String(); got != want {
			t.Errorf("%d workers:\n%s\none:\n%s", workers, got, want)
		}
	}
}

// With alpha multiplied by 1.1 the theorem is false, and the error names a point of the target that leaves it.
func TestAnotherAlphaFails(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	p.Alpha = p.Alpha.Mul(decimal("1.1"))
	c, err := p.ProveGlobal(context.Background(), Global{})
	var failed *ProofError
	if !errors.As(err, &failed) || !failed.Refuted || c.Failure != failed || c.N != 0 {
		t.Fatalf("%v: %v", c, err)
	}
	b := failed.Box
	m := Moments{b.Mu.Mid(), b.Nu.Mid()}
	next := step(Params{lambda0, 1.1 * alpha0}, m, Weights{b.Omega.Mid(), b.Tau.Mid()})
	if !near(m, c.Global.Target, 0) || near(next, c.Global.Target, 0.01) {
		t.Errorf("%v leads to %v, %v", m, next, failed)
	}
	if !strings.Contains(err.Error(), "false in (mu ") || !strings.Contains(c.String(), "FALSE") {
		t.Errorf("%v: %v names no box", c, err)
	}
}

// Too few layers are refuted by a network; enclosures too wide and an activation known too roughly leave it undecided; no layer at all may be enough.
func TestGlobalFailures(t *testing.T) {
	g := narrow
	g.Layers = 5
	c, err := Prover{}.ProveGlobal(context.Background(), g)
	var failed *ProofError
	if !errors.As(err, &failed) || !failed.Refuted || len(c.Layers) != 6 {
		t.Fatalf("%v: %v", c, err)
	}
	checkPath(t, SELU, c.Global, c.Counterexample, 5)
	if failed.Box.Mu != c.Counterexample.End.Mu || !(failed.Margin.Hi < 0) {
		t.Errorf("%v, but the path ends at %v", failed, c.Counterexample.End)
	}
	// Rectangles are too wide to show in 17 layers what strips show. No network is a counterexample.
	_, err = Prover{}.ProveGlobal(context.Background(), Global{Start: Region{between("-1", "1"), between("0.2", "8")}, Strips: 1, Layers: 17})
	if !errors.As(err, &failed) || failed.Refuted || !(failed.Margin.Lo < 0) {
		t.Errorf("with rectangles: %v", err)
	}
	p, _ := Prover{}.withDefaults()
	p.Alpha = interval.Interval{Lo: 1.64, Hi: 1.7}
	if _, err = p.ProveGlobal(context.Background(), narrow); !errors.As(err, &failed) || failed.Refuted || !(failed.Margin.Lo <= 0) || failed.Box == (Box{}) {
		t.Errorf("alpha in %v: %v", p.Alpha, err)
	}
	if c = mustProve(t, Prover{}, Global{Start: Region{interval.Point(0), interval.Point(1)}}); c.N != 0 || c.Counterexample != nil {
		t.Errorf("(0, 1) is in the target after %d layers, %v", c.N, c.Counterexample)
	}
}

// A target that holds its image by a hair needs finer images than others.
func TestTightTarget(t *testing.T) {
	g := Global{Start: Region{interval.Point(0), interval.Point(1)}, Target: Region{inside("-0.072", "0.173"), inside("0.404", "2.235")}, Omega: between("-0.1", "0.1"), Tau: between("0.8", "1.25")}
	c := mustProve(t, Prover{}, g)
	if p, _ := (Prover{}).withDefaults(); !(c.Margin > 0 && c.Margin < 0.001) {
		t.Errorf("margin %v", c.Margin)
	} else if next, err := p.next(context.Background(), c.Global, Reached{Regions: []Region{c.Global.Target}}, 1, func(cell, Region) {}); err != nil || next.Hull.Within(c.Global.Target) || !c.Stays.Within(next.Hull) {
		t.Errorf("rough images are in %v, fine ones in %v, %v", next.Hull, c.Stays, err)
	}
}

// From variances in [3, 16], Theorem 2's, the variance falls below 3 for good in nine layers, although the mean may grow at first.
func TestTheorem2Iterated(t *testing.T) {
	c := mustProve(t, Prover{}, Global{
		Start: Region{between("-1", "1"), between("3", "16")}, Target: Region{inside("-1", "1"), inside("0.16", "3")},
		Omega: between("-0.1", "0.1"), Tau: between("0.8", "1.25"),
	})
	if c.N != 9 || !(c.Layers[1].Hull.Mu.Hi > 1.2) {
		t.Errorf("%v", c)
	}
	checkPath(t, SELU, c.Global, c.Counterexample, 8)
}

func TestProveGlobalRefuses(t *testing.T) {
	one, short := interval.Point(1), interval.Interval{Lo: 0.9, Hi: 1.1}
	for _, g := range []Global{
		{Start: Region{interval.Interval{Lo: 1, Hi: -1}, short}}, {Start: Region{one, interval.Interval{Lo: 0, Hi: 1}}}, {Target: Region{one, interval.Point(-1)}},
		{Target: Region{interval.Point(math.NaN()), one}}, {Tau: interval.Interval{Hi: 1}}, {Omega: interval.Point(math.Inf(1)), Tau: one}, {Layers: -1}, {Layers: math.MaxInt},
		{Strips: -1}, {Strips: math.MaxInt},
	} {
		if _, err := (Prover{}).ProveGlobal(context.Background(), g); err == nil || errors.As(err, new(*ProofError)) {
			t.Errorf("%+v: %v", g, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Prover{}).ProveGlobal(ctx, Global{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}
