package theory

import (
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

var derivativeBounds = sync.OnceValues(func() ([]DerivativeBound, error) { return Prover{}.DerivativeBounds(context.Background()) })

// paperBounds holds the values of the paper's table A6 with their places.
type paperBounds struct{ values, places [2][]string }

func readPaperBounds(t *testing.T) map[string]paperBounds {
	rows, err := csv.NewReader(oracle.Open(t, "paper/jacobian_derivative_bounds.csv")).ReadAll()
	if err != nil || len(rows) != 17 {
		t.Fatal(len(rows), err)
	}
	all := map[string]paperBounds{}
	for _, r := range rows[1:] {
		all[r[0]] = paperBounds{[2][]string{{r[1]}, {r[6]}}, [2][]string{r[2:6], r[7:11]}}
	}
	return all
}

// paperName is the paper's name of a derivative: its second row of the Jacobian belongs to the second moment.
func paperName(d DerivativeBound) string {
	row := map[string]string{"mean": "1", "second moment": "2"}[d.Moment]
	return "dJ" + row + map[string]string{"mu": "1", "nu": "2"}[d.By] + "/d" + d.Then
}

// unit is half of the last digit of a number as it is printed.
func unit(s string) float64 {
	_, fraction, _ := strings.Cut(s, ".")
	return 0.5 * math.Pow(10, -float64(len(fraction)))
}

// All 32 values of the paper are right to the last digit.
func TestPaperBounds(t *testing.T) {
	paper := readPaperBounds(t)
	table, err := derivativeBounds()
	if err != nil || len(table) != 24 {
		t.Fatal(len(table), err)
	}
	for _, d := range table {
		if d.Moment == "variance" {
			continue
		}
		want, ok := paper[paperName(d)]
		if !ok {
			t.Fatalf("no %s", paperName(d))
		}
		for i, got := range []interval.Interval{d.Smallest.Value, d.Largest.Value} {
			x, _ := strconv.ParseFloat(want.values[i][0], 64)
			if u := unit(want.values[i][0]) + derivativeTolerance; !(got.Hi >= x-u && got.Lo <= x+u) || got.Width() > 1.01*derivativeTolerance {
				t.Errorf("%s: %v, the paper has %s", paperName(d), got, want.values[i][0])
			}
			place := want.places[i]
			there := d.Over(Box{decimal(place[0]), decimal(place[1]), decimal(place[2]), decimal(place[3])})
			if !(there.Hi >= d.Smallest.Value.Lo && there.Lo <= d.Largest.Value.Hi) {
				t.Errorf("%s: %v at %v, outside its range", paperName(d), there, place)
			}
			if math.Abs(there.Mid()-x) > 1e-3*math.Abs(x)+1e-9 {
				t.Logf("%s: the paper has %v at %v, but the value there is %v", paperName(d), x, place, there)
			}
		}
	}
}

// The two-dimensional part of the domain that is searched has the same extremes as all of it.
func TestRim(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	all := domain{"0.1", "0.1", "0.8", "1.5", "0.8", "1.25"}.all()[0]
	for i, entry := range secondDerivatives {
		k := (i + 1) % interval.Vars
		f := func(b Box) interval.Jet { return entry.of(p.curvature(b))[k] }
		few, err1 := p.minimum(t.Context(), f, all.rim(), 1e-4)
		whole, err2 := p.minimum(t.Context(), f, []Box{all}, 1e-4)
		if both := few.Value.Intersect(whole.Value); err1 != nil || err2 != nil || !(both.Lo <= both.Hi) {
			t.Errorf("%s, %s, %s: %v and %v (%v, %v)", entry.moment, entry.by, variableNames[k], few.Value, whole.Value, err1, err2)
		}
	}
}

// No point of the domain has a derivative outside its range, and the formulas agree with the derivatives that the map's jets carry.
func TestCurvature(t *testing.T) {
	table, err := derivativeBounds()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := Prover{}.withDefaults()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) interval.Interval {
			return interval.Point(rapid.Float64Range(lo, hi).Draw(t, name))
		}
		b := Box{draw("mu", -0.1, 0.1), draw("omega", -0.1, 0.1), draw("nu", 0.8, 1.5), draw("tau", 0.8, 1.25)}
		j, c := p.enclose(b), p.curvature(b)
		carried := map[string]interval.Jet{"mean mu": j.dMean.m.Mul(j.omega), "mean nu": j.dMean.v.Mul(j.tau),
			"variance mu": j.dVariance.m.Mul(j.omega), "variance nu": j.dVariance.v.Mul(j.tau)}
		for i, d := range table {
			got := secondDerivatives[i/4].of(c)[i%4].V
			if got != d.Over(b) {
				t.Fatalf("%v: %v at %v, %v otherwise", d, got, b, d.Over(b))
			}
			if !(got.Hi >= d.Smallest.Value.Lo && got.Lo <= d.Largest.Value.Hi) || got.Width() > 1e-11 {
				t.Fatalf("%v: %v at %v", d, got, b)
			}
			if jet, ok := carried[d.Moment+" "+d.By]; ok {
				if both := got.Intersect(jet.D[i%4]); !(both.Lo <= both.Hi) {
					t.Fatalf("%v: %v by formula, %v by the jets", d, got, jet.D[i%4])
				}
			}
		}
	})
}

// minimum encloses the minimum of a polynomial whose minimum is known, inside and at an end, and lowers what rounding leaves open.
func TestMinimum(t *testing.T) {
	p, _ := Prover{Workers: 2}.withDefaults()
	r := rand.New(rand.NewPCG(3, 1))
	for range 20 {
		x, y, lift := 2*r.Float64()-1, 3*r.Float64(), r.NormFloat64()
		f := func(b Box) interval.Jet { // (mu - x)^2 + (tau - y)^2 + lift, for mu in [-1, 1] and tau in [0, 2]
			mu, tau := interval.Var(0, b.Mu).Sub(interval.Const(interval.Point(x))), interval.Var(3, b.Tau).Sub(interval.Const(interval.Point(y)))
			return mu.Sqr().Add(tau.Sqr()).Add(interval.Const(interval.Point(lift)))
		}
		got, err := p.minimum(t.Context(), f, []Box{{Mu: interval.Interval{Lo: -1, Hi: 1}, Tau: interval.Interval{Lo: 0, Hi: 2}}}, 1e-6)
		want := lift + math.Pow(max(y-2, 0), 2)
		if err != nil || !(got.Value.Lo <= want+1e-15 && got.Value.Hi >= want-1e-15) || got.Value.Width() > 2e-6 {
			t.Errorf("%v (%v), want %v", got, err, want)
		}
	}
	nan := func(Box) interval.Jet { return interval.Const(interval.Interval{Lo: math.NaN(), Hi: math.NaN()}) }
	if got, err := p.minimum(t.Context(), nan, []Box{{Mu: interval.Interval{Lo: 0, Hi: 1}}}, 1); err != nil || !math.IsInf(got.Value.Lo, -1) {
		t.Errorf("of no number: %v, %v", got, err)
	}
}

func TestDerivativeBoundsRefuse(t *testing.T) {
	var none context.Context
	if _, err := (Prover{}).DerivativeBounds(none); err == nil {
		t.Error("without a context")
	}
	if _, err := (Prover{Lambda: interval.Interval{Lo: 2, Hi: 1}}).DerivativeBounds(t.Context()); err == nil {
		t.Error("lambda is no interval")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Prover{}).DerivativeBounds(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
	if (DerivativeBound{}).String() == "" {
		t.Error("no text")
	}
}
