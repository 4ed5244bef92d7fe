package baseline_test

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// A class of weight 2 counts as one whose rows occur twice, and Balanced is the weights that make classes equal.
func TestClassWeights(t *testing.T) {
	x, labels := blobs(7, 150, 3, 2)
	twice, more := baseline.Matrix{Rows: x.Rows, Columns: x.Columns, Values: slices.Clone(x.Values)}, slices.Clone(labels)
	counts := make([]float64, 2)
	for i, k := range labels {
		counts[k]++
		if k == 1 {
			twice.Values, twice.Rows, more = append(twice.Values, x.Row(i)...), twice.Rows+1, append(more, 1)
		}
	}
	test, _ := blobs(8, 100, 3, 2)
	for _, c := range []baseline.Criterion{baseline.Gini, baseline.Entropy} {
		a := fit(t, baseline.Tree{Criterion: c, MaxDepth: 4}, twice, more, 2)
		b := fit(t, baseline.Tree{Criterion: c, MaxDepth: 4, ClassWeights: []float64{1, 2}}, x, labels, 2)
		same(t, "weights", a, b, test)
		n := float64(len(labels))
		a = fit(t, baseline.Tree{Criterion: c, MaxDepth: 4, ClassWeights: []float64{n / 2 / counts[0], n / 2 / counts[1]}}, x, labels, 2)
		b = fit(t, baseline.Tree{Criterion: c, MaxDepth: 4, Balanced: true}, x, labels, 2)
		same(t, "balanced", a, b, test)
	}
}
