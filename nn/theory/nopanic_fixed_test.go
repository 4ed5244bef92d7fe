package theory_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Proofs about absurd fixed points end with an error or a certificate that holds something.
func TestNoPanicsOfFixedPointProofs(t *testing.T) {
	for i, m := range absurdMoments() {
		if i%5 > 0 {
			continue
		}
		for _, w := range []theory.Weights{theory.LeCun, {Omega: absurd[i%len(absurd)], Tau: absurd[i%7]}} {
			c, err := theory.ProveFixedPoint(m, w)
			if err == nil && !(c.Margin > 0 && c.Scale > 0 && len(c.Claims) >= 5) {
				t.Errorf("%v, %+v: %v", m, w, c)
			}
			if _, _, err := theory.SolveEnclosed(m, w); err == nil && !(isFinite(m.Mean, m.Variance, w.Omega, w.Tau)) {
				t.Errorf("%v, %+v has a SELU", m, w)
			}
		}
	}
	for _, x := range absurd {
		p := theory.Prover{Lambda: interval.Point(x), Alpha: interval.Point(x), Workers: -1}
		if c, err := p.ProveFixedPoint(t.Context(), theory.Moments{Mean: x, Variance: 1}, theory.LeCun); err == nil && !(c.Margin > 0) {
			t.Errorf("%+v: %v", p, c)
		}
	}
	texts := []string{theory.FixedPointCertificate{}.String(), theory.DerivativeBound{Smallest: theory.Extreme{Value: interval.Point(math.NaN())}}.String()}
	for _, text := range texts {
		if text == "" {
			t.Error("no text")
		}
	}
	if v := (theory.DerivativeBound{}).Over(theory.Box{}); !v.Contains(0) {
		t.Errorf("the values of no derivative are in %v", v)
	}
	// A small, vague SELU: bounds of its derivatives still enclose.
	if _, err := (theory.Prover{Lambda: interval.Interval{Lo: 1, Hi: 1.5}, Alpha: interval.Point(math.NaN())}).DerivativeBounds(t.Context()); err == nil {
		t.Error("alpha is no number")
	}
}
