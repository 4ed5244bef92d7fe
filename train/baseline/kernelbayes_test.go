package baseline_test

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// The probabilities of a single feature equal the definition.
func TestKernelNaiveBayes(t *testing.T) {
	x := []float64{1, 1, 2, 4, 3, 7, 8.5}
	labels := []int{0, 0, 0, 0, 2, 2, 2}
	c, err := baseline.KernelNaiveBayes{}.Fit(context.Background(), baseline.Matrix{Rows: 7, Columns: 1, Values: x}, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	least := (8.5 - 1) / 5 / 6 // six different values
	sd := []float64{max(least, 3/math.Sqrt(4)), 0, max(least, 5.5/math.Sqrt(3))}
	at := []float64{-3, 0.5, 2.9, 5, 7, 20}
	got, err := c.Scores(baseline.Matrix{Rows: len(at), Columns: 1, Values: at})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range at {
		var p [3]float64
		for r, k := range labels {
			z := (v - x[r]) / sd[k]
			p[k] += math.Exp(-z*z/2) / sd[k] / 7
		}
		for k := range p {
			if want := p[k] / (p[0] + p[2]); math.Abs(got[3*i+k]-want) > 1e-9 {
				t.Errorf("at %v class %d has the probability %v, want %v", v, k, got[3*i+k], want)
			}
		}
	}
}

// Scores are probabilities wherever a row is, a class without rows has none, and a constant feature changes nothing.
func TestKernelNaiveBayesFar(t *testing.T) {
	x := []float64{0, 5, 1, 5, 10, 5, 14, 5}
	labels := []int{0, 0, 1, 1}
	two, err := baseline.KernelNaiveBayes{}.Fit(context.Background(), baseline.Matrix{Rows: 4, Columns: 2, Values: x}, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	one, err := baseline.KernelNaiveBayes{}.Fit(context.Background(), baseline.Matrix{Rows: 4, Columns: 1, Values: []float64{0, 1, 10, 14}}, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{0, 6, 12, -1e9, 1e200, -math.MaxFloat64, math.MaxFloat64} {
		p, err := two.Scores(baseline.Matrix{Rows: 1, Columns: 2, Values: []float64{v, -v}})
		if err != nil {
			t.Fatal(err)
		}
		q, err := one.Scores(baseline.Matrix{Rows: 1, Columns: 1, Values: []float64{v}})
		if err != nil {
			t.Fatal(err)
		}
		for k := range p {
			if p[k] != q[k] {
				t.Errorf("at %v: %v with a constant feature, %v without", v, p, q)
			}
		}
		if p[2] != 0 || math.Abs(p[0]+p[1]-1) > 1e-12 {
			t.Errorf("at %v: %v", v, p)
		}
	}
}

// On the cases of scikit-learn it is about as accurate as Gaussian naive Bayes.
func TestKernelNaiveBayesLearns(t *testing.T) {
	right := map[baseline.Method]int{}
	rows := 0
	for _, c := range readCases(t) {
		rows += len(c.TestLabels)
		for _, m := range []baseline.Method{baseline.NaiveBayes{}, baseline.KernelNaiveBayes{}} {
			fitted, err := m.Fit(context.Background(), c.matrix(c.Train), c.Labels, c.Classes)
			if err != nil {
				t.Fatal(err)
			}
			predicted, err := baseline.Predict(fitted, c.matrix(c.Test))
			if err != nil {
				t.Fatal(err)
			}
			for i, k := range predicted {
				if k == c.TestLabels[i] {
					right[m]++
				}
			}
		}
	}
	normal, kernel := right[baseline.NaiveBayes{}], right[baseline.KernelNaiveBayes{}]
	t.Logf("%d and %d of %d", normal, kernel, rows)
	if float64(kernel) < 0.9*float64(normal) {
		t.Errorf("%d of %d rows are right, %d with normal densities", kernel, rows, normal)
	}
}
