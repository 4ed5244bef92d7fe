package baseline_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// Balanced classes, one with a third of the rows of the other, decide like three copies of the rare rows with the C of the frequent ones.
func TestSVMBalanced(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	once, copied := baseline.Matrix{Columns: 3}, baseline.Matrix{Columns: 3}
	var labels, labelsCopied []int
	for i := range 80 {
		k := 0
		if i >= 60 {
			k = 1
		}
		row := []float64{r.NormFloat64() + float64(k), r.NormFloat64(), r.NormFloat64()}
		once.Rows, once.Values, labels = once.Rows+1, append(once.Values, row...), append(labels, k)
		for range 1 + 2*k {
			copied.Rows, copied.Values, labelsCopied = copied.Rows+1, append(copied.Values, row...), append(labelsCopied, k)
		}
	}
	const c = 0.9
	decide := func(s baseline.SVM, x baseline.Matrix, labels []int) []float64 {
		fitted, err := s.Fit(context.Background(), x, labels, 2)
		if err != nil {
			t.Fatal(err)
		}
		values, err := fitted.(baseline.Decider).Decisions(once)
		if err != nil {
			t.Fatal(err)
		}
		return values
	}
	got := decide(baseline.SVM{C: c, Gamma: 0.3, Balanced: true, Tolerance: 1e-9}, once, labels)
	want := decide(baseline.SVM{C: c * 80 / (2 * 60), Gamma: 0.3, Tolerance: 1e-9}, copied, labelsCopied)
	for i, v := range got {
		if math.Abs(v-want[i]) > 1e-6 {
			t.Fatalf("row %d has the decision %v, want %v", i, v, want[i])
		}
	}
}
