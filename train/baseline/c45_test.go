package baseline

import (
	"context"
	"math"
	"testing"
)

// Expected errors of leaves as in Quinlan (1993), section 4.2, with a confidence of 0.25. For one error of 16 rows his approximation gives
// 0.157, the binomial distribution 0.1596.
func TestExpectedErrors(t *testing.T) {
	for _, test := range []struct{ rows, errs, want float64 }{{6, 0, 6 * 0.206}, {9, 0, 9 * 0.143}, {1, 0, 0.750}, {16, 1, 16 * 0.1596}} {
		if got := expectedErrors([]float64{test.rows - test.errs, test.errs}, 0.25); math.Abs(got-test.want) > 5e-4*test.rows {
			t.Errorf("%v errors of %v rows: %.4f expected errors, want %.3f", test.errs, test.rows, got, test.want)
		}
	}
}

// The subtree of the same section, with 3.273 expected errors, becomes a leaf with 2.512. One that pays stays.
func TestPrune(t *testing.T) {
	made := func(sizes [3][2]float64) *grown {
		t := &grown{nodes: []node{{left: 1, right: 4}, {left: 2, right: 3}, {}, {}, {}}}
		for i, at := range []int{4, 2, 3} {
			t.nodes[at].counts = sizes[i][:]
		}
		t.nodes[1].counts = []float64{sizes[1][0] + sizes[2][0], sizes[1][1] + sizes[2][1]}
		t.nodes[0].counts = []float64{t.nodes[1].counts[0] + sizes[0][0], t.nodes[1].counts[1] + sizes[0][1]}
		return t
	}
	small := made([3][2]float64{{6, 0}, {9, 0}, {0, 1}})
	small.prune(0.25)
	if len(small.nodes) != 1 {
		t.Errorf("%d nodes, want 1", len(small.nodes))
	}
	large := made([3][2]float64{{60, 0}, {90, 0}, {0, 40}})
	large.prune(0.25)
	if len(large.nodes) != 5 {
		t.Errorf("%d nodes, want 5", len(large.nodes))
	}
}

// The gain ratio prefers a feature that cuts off one pure row to one with a greater gain, if its gain is at least the mean.
func TestGainRatio(t *testing.T) {
	labels := []int{0, 0, 0, 0, 1, 1, 1, 1}
	cut := []float64{0, 1, 1, 1, 1, 1, 1, 1}    // gain 0.138, ratio 0.254
	halves := []float64{0, 0, 0, 1, 0, 1, 1, 1} // gain 0.189, ratio 0.189
	noise := []float64{0, 0, 1, 1, 0, 0, 1, 1}  // gain 0
	root := func(columns ...[]float64) int32 {
		x := Matrix{Rows: len(labels), Columns: len(columns)}
		for i := range labels {
			for _, c := range columns {
				x.Values = append(x.Values, c[i])
			}
		}
		c, err := Tree{Criterion: GainRatio, MaxDepth: 1}.Fit(context.Background(), x, labels, 2)
		if err != nil {
			t.Fatal(err)
		}
		return c.(*trees).nodes[0].column
	}
	if got := root(cut, halves); got != 1 {
		t.Errorf("the split is by feature %d, want 1: the gain of the other is below the mean", got)
	}
	if got := root(cut, halves, noise); got != 0 {
		t.Errorf("the split is by feature %d, want 0", got)
	}
}
