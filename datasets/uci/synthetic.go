package uci

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// Synthetic generates a task of 600 rows, 12 features and 3 classes, with four folds drawn like the real ones. The class of a row is the
// output of a small random network, except for one row in twenty, which gets another class. Use it to test programs; results on it mean
// nothing for the real tasks.
func Synthetic(seed uint64) (*Task, error) {
	const rows, cols, hidden, classes, folds = 600, 12, 8, 3, 4
	rng := rand.New(rand.NewPCG(seed, 0x0c1))
	first, second := weights(rng, cols*hidden), weights(rng, hidden*classes)
	x, labels := make([]float32, rows*cols), make([]float32, rows)
	for r := range rows {
		row := x[r*cols : (r+1)*cols]
		for c := range row {
			row[c] = float32(rng.NormFloat64())
		}
		labels[r] = float32(teach(row, first, second, classes))
		if rng.IntN(20) == 0 {
			labels[r] = float32(rng.IntN(classes))
		}
	}
	features, err := datasets.NewDense(rows, cols, x)
	if err != nil {
		return nil, errors.Wrap(err, "uci")
	}
	t := &Task{Folds: folds, test: make([]bool, rows*folds), val: make([]bool, rows*folds), Set: &datasets.Set{
		Name: "uci/synthetic", Synthetic: true, Notes: "SYNTHETIC: a made-up task of 600 rows; no UCI data were found",
		Features: features, Tasks: []string{"class"}, Classes: []string{"0", "1", "2"}, Labels: labels,
	}}
	for k := range folds {
		if err := t.draw(k, rng); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// draw draws a fold: a quarter of each class for testing, and one in five of the others for validation.
func (t *Task) draw(k int, rng *rand.Rand) error {
	all := make([]int, t.Set.Len())
	for r := range all {
		all[r] = r
	}
	rest, test, err := datasets.StratifiedSplit(all, t.Set.Class, 0.25, rng.Uint64())
	if err != nil {
		return errors.Wrap(err, "uci")
	}
	for _, r := range test {
		t.test[r*t.Folds+k] = true
	}
	for _, r := range rest {
		t.val[r*t.Folds+k] = rng.IntN(5) == 0
	}
	return nil
}

func weights(rng *rand.Rand, n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = rng.NormFloat64()
	}
	return w
}

// teach returns the class that a network with one hidden layer gives a row.
func teach(row []float32, first, second []float64, classes int) int {
	hidden := len(second) / classes
	score := make([]float64, classes)
	for h := range hidden {
		z := 0.0
		for c, v := range row {
			z += float64(v) * first[c*hidden+h]
		}
		for k := range score {
			score[k] += math.Tanh(z) * second[h*classes+k]
		}
	}
	best := 0
	for k, s := range score {
		if s > score[best] {
			best = k
		}
	}
	return best
}
