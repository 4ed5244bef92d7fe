package theory_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Global proofs refuse absurd domains, and give up on parameters that lead nowhere.
func TestNoPanicsOfGlobalProofs(t *testing.T) {
	var noContext context.Context
	if _, err := (theory.Prover{}).ProveGlobal(noContext, theory.Global{}); err == nil {
		t.Error("a proof without a context")
	}
	one := interval.Point(1)
	small := theory.Region{Mu: interval.Point(0.05), Nu: interval.Point(1.1)}
	for _, x := range absurd {
		point, wide := interval.Point(x), interval.Interval{Lo: x, Hi: math.MaxInt / 8}
		for _, g := range []theory.Global{
			{Start: theory.Region{Mu: point, Nu: one}}, {Start: theory.Region{Mu: one, Nu: point}}, {Start: theory.Region{Mu: wide, Nu: wide}}, {Start: small, Target: theory.Region{Mu: point, Nu: point}},
			{Start: small, Omega: point, Tau: one}, {Start: small, Tau: point}, {Start: small, Omega: wide, Tau: wide},
		} {
			g.Layers = 2
			checkGlobal(t, theory.Prover{}, g)
		}
		checkGlobal(t, theory.Prover{Lambda: point, Workers: -1}, theory.Global{Start: small})
		checkGlobal(t, theory.Prover{Alpha: interval.Interval{Lo: x, Hi: x + 0.5}, Workers: math.MaxInt / 8}, theory.Global{Start: small})
	}
	for _, n := range []int{-1, math.MinInt, math.MaxInt / 8, math.MaxInt} {
		if _, err := (theory.Prover{}).ProveGlobal(t.Context(), theory.Global{Layers: n}); err == nil {
			t.Errorf("%d layers", n)
		}
		if _, err := (theory.Prover{}).ProveGlobal(t.Context(), theory.Global{Strips: n}); err == nil {
			t.Errorf("%d strips", n)
		}
	}
	none := theory.GlobalCertificate{Layers: make([]theory.Reached, 1), Counterexample: &theory.Path{Weights: make([]theory.Weights, 3)}, Failure: &theory.ProofError{}}
	nan := theory.Region{Mu: interval.Point(math.NaN()), Nu: interval.Interval{Lo: math.Inf(1), Hi: 1e-300}}
	for _, text := range []string{theory.GlobalCertificate{}.String(), none.String(), theory.Path{}.String(), theory.Region{}.String(), nan.String()} {
		if strings.TrimSpace(text) == "" || strings.Contains(text, "PANIC") {
			t.Errorf("text %q", text)
		}
	}
	if nan.Within(nan) || nan.Within(small) || !small.Within(small) {
		t.Error("a region of NaN lies in a region")
	}
}

// checkGlobal checks that a proof ends with an error or a certificate that agrees with itself.
func checkGlobal(t *testing.T, p theory.Prover, g theory.Global) {
	t.Helper()
	c, err := p.ProveGlobal(t.Context(), g)
	if failed := (*theory.ProofError)(nil); errors.As(err, &failed) != (c.Failure != nil) || failed != c.Failure {
		t.Errorf("%+v: failure %v, error %v", g, c.Failure, err)
	}
	if err == nil && (len(c.Layers) != c.N+1 || !c.Layers[c.N].Hull.Within(c.Global.Target) || !c.Stays.Within(c.Global.Target)) {
		t.Errorf("%+v: %v", g, c)
	}
}
