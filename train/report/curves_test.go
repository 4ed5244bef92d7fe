package report

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"pgregory.net/rapid"
)

// pairs draws scores, with ties, and labels of both kinds.
func pairs(t *rapid.T) (scores, labels []float64) {
	n := rapid.IntRange(2, 60).Draw(t, "n")
	for i := range n {
		scores = append(scores, float64(rapid.IntRange(0, 12).Draw(t, "score"))/12)
		y := float64(rapid.IntRange(0, 1).Draw(t, "label"))
		if i < 2 {
			y = float64(i)
		}
		labels = append(labels, y)
	}
	return scores, labels
}

// The areas under the curves that are drawn are the metrics: of trapezoids under ROC, and of steps under precision and recall.
func TestAreas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores, labels := pairs(t)
		k := newRanking(scores, labels)
		x, y := k.roc()
		area := 0.0
		for i := 1; i < len(x); i++ {
			area += (x[i] - x[i-1]) * (y[i] + y[i-1]) / 2
		}
		if want, err := train.ROCAUC(scores, labels); err != nil || math.Abs(area-want) > 1e-12 {
			t.Fatalf("area %v, ROC-AUC %v (%v)", area, want, err)
		}
		x, y = k.pr()
		area = 0.0
		for i := 1; i < len(x); i++ {
			if i > 1 && x[i] <= x[i-1] {
				t.Fatalf("recall goes from %v to %v", x[i-1], x[i])
			}
			area += (x[i] - x[i-1]) * y[i]
		}
		if want, err := train.PRAUC(scores, labels); err != nil || math.Abs(area-want) > 1e-12 {
			t.Fatalf("area %v, PR-AUC %v (%v)", area, want, err)
		}
	})
}

// The groups of the calibration hold every row once, and their means are those of all rows.
func TestReliability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores, labels := pairs(t)
		k := newRanking(scores, labels)
		predicted, observed, count := k.reliability(bins)
		var n, p, y float64
		for i := range count {
			n, p, y = n+count[i], p+count[i]*predicted[i], y+count[i]*observed[i]
			if i > 0 && predicted[i] <= predicted[i-1] {
				t.Fatalf("groups are not in order: %v", predicted)
			}
		}
		for i := range scores {
			p, y = p-scores[i], y-labels[i]
		}
		if n != float64(len(scores)) || math.Abs(p) > 1e-9 || math.Abs(y) > 1e-9 || len(count) > bins {
			t.Fatalf("%d groups of %v rows for %d; sums differ by %v and %v", len(count), n, len(scores), p, y)
		}
	})
}
