package train_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
	"pgregory.net/rapid"
)

// slowROCAUC counts every pair.
func slowROCAUC(scores, labels []float64) float64 {
	wins, pairs := 0.0, 0.0
	for i, p := range labels {
		for j, n := range labels {
			if p < 0.5 || n > 0.5 {
				continue
			}
			pairs++
			switch {
			case scores[i] > scores[j]:
				wins++
			case scores[i] == scores[j]:
				wins += 0.5
			}
		}
	}
	return wins / pairs
}

func TestROCAUC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		scores := rapid.SliceOfN(rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) }), n, n).Draw(t, "scores")
		labels := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 1), func(i int) float64 { return float64(i) }), n, n).Draw(t, "labels")
		got, err := train.ROCAUC(scores, labels)
		want := slowROCAUC(scores, labels)
		if math.IsNaN(want) {
			if !errors.Is(err, train.ErrOneClass) {
				t.Fatalf("error %v, want %v", err, train.ErrOneClass)
			}
			return
		}
		if err != nil || math.Abs(got-want) > 1e-12 {
			t.Fatalf("ROC-AUC %v (%v), want %v", got, err, want)
		}
		for i := range scores { // it depends on the order alone
			scores[i] = math.Exp(scores[i])
		}
		if again, _ := train.ROCAUC(scores, labels); again != got {
			t.Fatalf("a monotone map of the scores changes ROC-AUC from %v to %v", got, again)
		}
	})
}

func TestROCAUCErrors(t *testing.T) {
	if _, err := train.ROCAUC([]float64{1, math.NaN()}, []float64{0, 1}); err == nil {
		t.Error("a NaN score was accepted")
	}
	if _, err := train.ROCAUC([]float64{1}, []float64{0, 1}); err == nil {
		t.Error("one score for two labels was accepted")
	}
}

// The mean over tasks leaves out missing labels, and tasks of one class.
func TestMeanROCAUC(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	result := &train.Result{Predictions: train.Predictions{Rows: 60, Outputs: 3}}
	var scores, labels [3][]float64
	for range 60 {
		for task := range 3 {
			score, label, weight := r.Float64(), float64(r.IntN(2)), float64(r.IntN(2))
			if task == 2 {
				label = 0
			}
			result.Values, result.Labels, result.Weights = append(result.Values, score), append(result.Labels, label), append(result.Weights, weight)
			if weight > 0 {
				scores[task], labels[task] = append(scores[task], score), append(labels[task], label)
			}
		}
	}
	want := (slowROCAUC(scores[0], labels[0]) + slowROCAUC(scores[1], labels[1])) / 2
	if got, err := train.MeanROCAUC.Of(result); err != nil || math.Abs(got-want) > 1e-12 {
		t.Errorf("mean ROC-AUC %v (%v), want %v", got, err, want)
	}
}

func TestAccuracy(t *testing.T) {
	classes := &train.Result{
		Predictions: train.Predictions{Rows: 3, Outputs: 2, Values: []float64{0.9, 0.1, 0.4, 0.6, 0.2, 0.8}},
		Classes:     true, Labels: []float64{0, 1, 0},
	}
	tasks := &train.Result{
		Predictions: train.Predictions{Rows: 2, Outputs: 2, Values: []float64{0.9, 0.1, 0.4, 0.6}},
		Labels:      []float64{1, 1, 0, 0}, Weights: []float64{1, 1, 1, 0},
	}
	for _, r := range []*train.Result{classes, tasks} {
		if got, err := train.Accuracy.Of(r); err != nil || math.Abs(got-2./3) > 1e-15 {
			t.Errorf("accuracy %v (%v), want 2/3", got, err)
		}
	}
}
