package search_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/search"
	"gorgonia.org/tensor"
)

// rings returns points of two classes, one around the other.
func rings(n int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, 0, 2*n), make([]float32, 0, n)
	for range n {
		class, angle := r.IntN(2), 2*math.Pi*r.Float64()
		radius := float64(class) + 0.5 + 0.1*r.NormFloat64()
		x = append(x, float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle)))
		y = append(y, float32(class))
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
	}
}

// fitRings trains a network on the rings.
func fitRings(ctx context.Context, t *search.Trial) (search.Values, error) {
	hidden, rate := graphs.Hidden{Units: 16, Outputs: 2}, 0.0
	err := t.Point.Read(map[string]any{"layers": &hidden.Layers, "rate": &rate, "dropout": &hidden.Dropout})
	if err != nil {
		return nil, err
	}
	net, err := graphs.New(graphs.SNN(hidden), graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(t.Seed))
	if err != nil {
		return nil, err
	}
	epochs := 12
	if t.Epochs > 0 {
		epochs = t.Epochs
	}
	_, err = train.Fit(ctx, net, rings(200, 1), train.Config{
		Epochs: epochs, Batch: 50, Optimizer: optim.Adam{Rate: rate}, Seed: t.Seed, Threads: t.Threads,
		Validation: rings(100, 2), Metric: metric.Accuracy, Callbacks: []train.Callback{t},
	})
	return search.Values{"weights": float64(net.Params.Size())}, err
}

// Networks that train side by side have the same validation curves as one after the other.
func TestFitSideBySide(t *testing.T) {
	points, err := search.Space{search.Int("layers", 1, 2), search.Float("rate", 0.001, 0.01), search.Float("dropout", 0, 0.05)}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	c := search.Config{Points: points, Trial: fitRings, Rule: search.PaperRule, Seed: 3, Parallel: 1}
	want := run(t, c)
	c.Parallel = 4
	if got := run(t, c); table(t, got) != table(t, want) {
		t.Errorf("four at a time give\n%s\none at a time\n%s", table(t, got), table(t, want))
	}
	for i, trial := range want.Trials {
		if trial.Failure != "" || len(trial.Curve) != 12 {
			t.Errorf("trial %d: %d epochs, %s", i, len(trial.Curve), trial.Failure)
		}
	}
	if best, err := want.Best(); err != nil || best.Score < 0.9 {
		t.Errorf("best %+v (%v)", best, err)
	}
}

// Training again for the selected number of epochs repeats the selected trial up to there.
func TestFitAgain(t *testing.T) {
	points, err := search.Space{search.Int("layers", 1, 2), search.Float("rate", 0.01), search.Float("dropout", 0.05)}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	folds, err := search.CyclicFolds(parts(3))
	if err != nil {
		t.Fatal(err)
	}
	results := runNested(t, search.Nested{
		Config: search.Config{Points: points, Trial: fitRings, Rule: search.Rule{Window: 2}, Seed: 5}, Folds: folds, Test: fitRings,
	})
	for i, f := range results.Folds {
		if !slices.Equal(f.Tested.Curve, f.Chosen.Curve[:f.Chosen.Best]) {
			t.Errorf("fold %d: curve %v, in the search %v up to epoch %d", i+1, f.Tested.Curve, f.Chosen.Curve, f.Chosen.Best)
		}
	}
}
