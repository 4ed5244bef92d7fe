package baseline

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// numbers returns rows of uniform features and a number that depends on the first two.
func numbers(n int, seed uint64, f func(a, b float64) float64) (x Matrix, y []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	x = Matrix{Rows: n, Columns: 3}
	for range n {
		a, b := r.Float64(), r.Float64()
		x.Values = append(x.Values, a, b, r.Float64())
		y = append(y, f(a, b)+0.01*r.NormFloat64())
	}
	return x, y
}

// explained returns R2.
func explained(t *testing.T, m Regressor, x Matrix, y []float64) float64 {
	t.Helper()
	p, err := m.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	mean, rest, all := 0.0, 0.0, 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	for i, v := range y {
		rest += (p[i] - v) * (p[i] - v)
		all += (v - mean) * (v - mean)
	}
	return 1 - rest/all
}

// Ridge finds a linear function, and its weights satisfy the equations of the minimum.
func TestRidge(t *testing.T) {
	linear := func(a, b float64) float64 { return 5 + 3*a - 2*b }
	x, y := numbers(200, 1, linear)
	m, err := Ridge{Penalty: 0.1}.FitNumbers(t.Context(), x, y)
	if err != nil {
		t.Fatal(err)
	}
	newX, newY := numbers(100, 2, linear)
	if r2 := explained(t, m, newX, newY); r2 < 0.999 {
		t.Errorf("R2 %v", r2)
	}
	p, _ := m.Predict(x)
	w := m.(*line).weights
	for j := range w { // gradient: sum of (p - y) x + penalty w
		g := 0.1 * w[j]
		for i := range y {
			g += (p[i] - y[i]) * x.row(i)[j]
		}
		if math.Abs(g) > 1e-9 {
			t.Errorf("gradient %v of weight %d", g, j)
		}
	}
}

// A forest finds a function that is not linear, for any number of threads with the same bits.
func TestRegressionForest(t *testing.T) {
	curved := func(a, b float64) float64 { return math.Sin(6*a) * b }
	x, y := numbers(600, 3, curved)
	newX, newY := numbers(200, 4, curved)
	var first []float64
	for _, threads := range []int{1, 3} {
		m, err := RegressionForest{Trees: 30, Features: 2, MinLeaf: 2, Seed: 1, Threads: threads}.FitNumbers(t.Context(), x, y)
		if err != nil {
			t.Fatal(err)
		}
		if r2 := explained(t, m, newX, newY); r2 < 0.9 {
			t.Errorf("R2 %v", r2)
		}
		p, _ := m.Predict(newX)
		if first != nil && !slices.Equal(p, first) {
			t.Error("the number of threads changes the predictions")
		}
		first = p
	}
	one, err := RegressionForest{Trees: 1, MinLeaf: 600}.FitNumbers(t.Context(), x, y)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := one.Predict(newX); p[0] != p[1] {
		t.Error("a split with fewer rows than MinLeaf")
	}
}

func TestRegressorErrors(t *testing.T) {
	x, y := numbers(5, 1, func(a, b float64) float64 { return a })
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range []RegressionMethod{Ridge{}, RegressionForest{}} {
		if _, err := m.FitNumbers(t.Context(), x, y[:4]); err == nil {
			t.Errorf("%s: no error for a number too few", m.Name())
		}
		if _, err := m.FitNumbers(t.Context(), x, []float64{1, 2, 3, 4, math.NaN()}); err == nil {
			t.Errorf("%s: no error for NaN", m.Name())
		}
		if _, err := m.FitNumbers(cancelled, x, y); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", m.Name(), err)
		}
		fitted, err := m.FitNumbers(t.Context(), x, y)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fitted.Predict(Matrix{Rows: 1, Columns: 1, Values: []float64{1}}); err == nil {
			t.Errorf("%s: no error for another number of columns", m.Name())
		}
	}
}
