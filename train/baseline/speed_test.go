package baseline_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// blobs returns rows of noisy classes.
func blobs(seed uint64, rows, columns, classes int) (baseline.Matrix, []int) {
	r := rand.New(rand.NewPCG(seed, 1))
	x := baseline.Matrix{Rows: rows, Columns: columns, Values: make([]float64, rows*columns)}
	labels := make([]int, rows)
	for i := range labels {
		labels[i] = r.IntN(classes)
		for j := range columns {
			x.Values[i*columns+j] = r.NormFloat64()
		}
		x.Values[i*columns+labels[i]%columns] += 1.5
	}
	return x, labels
}

func benchmarkFit(b *testing.B, m baseline.Method) {
	x, labels := blobs(1, 4000, 20, 3)
	test, _ := blobs(2, 1000, 20, 3)
	b.ReportAllocs()
	for b.Loop() {
		c, err := m.Fit(context.Background(), x, labels, 3)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := baseline.Predict(c, test); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNeighbours(b *testing.B) { benchmarkFit(b, baseline.Neighbours{}) }
func BenchmarkNaiveBayes(b *testing.B) { benchmarkFit(b, baseline.NaiveBayes{}) }
func BenchmarkLogistic(b *testing.B)   { benchmarkFit(b, baseline.Logistic{}) }
func BenchmarkTree(b *testing.B)       { benchmarkFit(b, baseline.Tree{}) }
func BenchmarkC45(b *testing.B)        { benchmarkFit(b, baseline.C45()) }
func BenchmarkForest(b *testing.B)     { benchmarkFit(b, baseline.Forest{}) }
func BenchmarkSVM(b *testing.B)        { benchmarkFit(b, baseline.SVM{}) }
func BenchmarkExtraTrees(b *testing.B) { benchmarkFit(b, baseline.ExtraTrees{}) }
