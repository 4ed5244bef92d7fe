package theory

import (
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// The enclosures of the slope's second moment are narrow and contain the reference values.
func TestSlopeEnclosures(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	rows, err := csv.NewReader(oracle.Open(t, "theory/slope_moments.csv")).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		one := interval.Point(1)
		got, want := p.enclose(Box{decimal(row[0]), one, decimal(row[1]), one}).slope.V, decimal(row[3])
		if common := got.Intersect(want); !(common.Lo <= common.Hi) || got.Width() > 1e-11 {
			t.Errorf("%v: %v, want %v", row, got, want)
		}
	}
}

// The bounds of a domain hold at random points and corners, and are attained where the certificate says.
func TestGradientBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, theorem := range allTheorems {
		all, err := Prover{}.Gradients(context.Background(), theorem)
		if err != nil || len(all) != len(gradientDomains[theorem]) {
			t.Fatalf("%v: %d domains, %v", theorem, len(all), err)
		}
		for i, b := range all {
			t.Log(b)
			domain := gradientDomains[theorem][i].all()[0].sides()
			for range 300 {
				x := domain
				for k, s := range domain {
					x[k] = interval.Point([]float64{s.Lo, s.Hi, s.Lo + r.Float64()*(s.Hi-s.Lo)}[r.IntN(3)])
				}
				l := Layer{Weights: Weights{x[1].Lo, x[3].Lo}}
				growth, err := l.Growth(Moments{x[0].Lo, x[2].Lo})
				if err != nil || !(growth > b.Growth.Lo-1e-12 && growth < b.Growth.Hi+1e-12) {
					t.Fatalf("growth %v at %v is not in %v; %v", growth, x, b.Growth, err)
				}
			}
			p, _ := Prover{}.withDefaults()
			least, most := p.enclose(b.Least).slope.V, p.enclose(b.Most).slope.V
			if least.Hi > b.Slope.Lo+2e-7 || most.Lo < b.Slope.Hi-2e-7 {
				t.Errorf("%v is attained as %v and %v only", b, least, most)
			}
			if got, want := b.Over(3), math.Pow(b.Growth.Hi, 3); !(got.Hi >= want*(1-1e-12) && got.Hi < want*(1+1e-9) && got.Lo > 0) {
				t.Errorf("three layers: %v, want %v at most", got, want)
			}
		}
	}
	if _, err := (Prover{}).Gradients(context.Background(), 4); err == nil {
		t.Error("there is no theorem 4")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Prover{}).Gradients(ctx, Theorem3); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}
