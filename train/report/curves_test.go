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

// The area under the curve that is drawn is the metric.
func TestROCAUC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores, labels := pairs(t)
		k := newRanking(scores, labels)
		want, err := train.ROCAUC(scores, labels)
		if got := k.rocAUC(); err != nil || math.Abs(got-want) > 1e-12 {
			t.Fatalf("area %v, want %v (%v)", got, want, err)
		}
	})
}

// Average precision equals its definition: at each threshold the gain of recall times the precision.
func TestAveragePrecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores, labels := pairs(t)
		k := newRanking(scores, labels)
		want, before := 0.0, 0.0
		for threshold := 12; threshold >= 0; threshold-- {
			var tp, chosen float64
			for i, s := range scores {
				if s >= float64(threshold)/12 {
					chosen++
					tp += labels[i]
				}
			}
			if chosen > 0 {
				recall := tp / float64(k.positives)
				want += (recall - before) * tp / chosen
				before = recall
			}
		}
		if got := k.averagePrecision(); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v, want %v", got, want)
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

// Perfect probabilities have no calibration error.
func TestCalibrationError(t *testing.T) {
	k := newRanking([]float64{0, 0, 1, 1, 0.5, 0.5}, []float64{0, 0, 1, 1, 0, 1})
	if e := k.calibrationError(bins); e != 0 {
		t.Errorf("calibration error %v", e)
	}
	k = newRanking([]float64{0.9, 0.9}, []float64{0, 1})
	if e := k.calibrationError(bins); math.Abs(e-0.4) > 1e-12 {
		t.Errorf("calibration error %v, want 0.4", e)
	}
}
