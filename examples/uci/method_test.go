package main

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/search"
)

// synthetic is an experiment on the built-in task.
func synthetic(t *testing.T, nets, methods []string, folds int) *experiment {
	t.Helper()
	task, err := uci.Synthetic(1)
	if err != nil {
		t.Fatal(err)
	}
	return &experiment{grid: "quick", names: []string{"SYNTHETIC"}, tasks: map[string]*uci.Task{"SYNTHETIC": task}, nets: nets, methods: methods, folds: folds}
}

// constant predicts a class, or fails.
type constant struct {
	class int
	err   error
}

func (c constant) Name() string { return "constant" }

func (c constant) Fit(context.Context, baseline.Matrix, []int, int) (baseline.Classifier, error) {
	return c, c.err
}

func (c constant) Scores(x baseline.Matrix) ([]float64, error) {
	scores := make([]float64, 2*x.Rows)
	for i := range x.Rows {
		scores[2*i+c.class] = 1
	}
	return scores, nil
}

// The best setting on the validation rows is chosen, the first of several; those that fail are left out.
func TestChoose(t *testing.T) {
	rows := &table{x: baseline.Matrix{Rows: 3, Columns: 1, Values: []float64{1, 2, 3}}, labels: []int{0, 1, 1}, classes: 2}
	setting := func(name float64, c constant) paper.Setting {
		return paper.Setting{Method: c, Values: search.Values{"name": name}}
	}
	failure := errors.New("it fails")
	settings := []paper.Setting{setting(1, constant{err: failure}), setting(2, constant{class: 0}), setting(3, constant{class: 1}), setting(4, constant{class: 1})}
	best, _, failed, accuracy, err := choose(context.Background(), settings, rows, rows)
	if err != nil || failed != 1 || best.Values["name"] != 3 || math.Abs(accuracy-2.0/3) > 1e-15 {
		t.Errorf("setting %v with accuracy %v, %d failed (%v)", best.Values, accuracy, failed, err)
	}
	if _, _, _, _, err := choose(context.Background(), settings[:1], rows, rows); !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, _, _, err := choose(ctx, settings, rows, rows); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// A part of a table has different rows of it, with their labels, the same for the same seed.
func TestSome(t *testing.T) {
	all := &table{x: baseline.Matrix{Rows: 50, Columns: 2}, classes: 50}
	for i := range 50 {
		all.x.Values, all.labels = append(all.x.Values, float64(i), -float64(i)), append(all.labels, i)
	}
	if all.some(50, 1) != all {
		t.Error("a part of all rows is another table")
	}
	part, again, other := all.some(20, 1), all.some(20, 1), all.some(20, 2)
	if part.x.Rows != 20 || !slices.Equal(part.labels, again.labels) || slices.Equal(part.labels, other.labels) {
		t.Errorf("rows %v, again %v, with another seed %v", part.labels, again.labels, other.labels)
	}
	for i, k := range part.labels {
		if part.x.Row(i)[0] != float64(k) || part.x.Row(i)[1] != -float64(k) || i > 0 && part.labels[i-1] >= k {
			t.Errorf("row %d is %v with the label %d", i, part.x.Row(i), k)
		}
	}
}

// A trial fits the chosen setting to all rows, and its accuracy is a share of the test rows.
func TestMethodTrial(t *testing.T) {
	e := synthetic(t, nil, []string{"knn", "tree"}, 1)
	points, err := e.points()
	if err != nil || len(points) != 2 {
		t.Fatalf("%d points (%v)", len(points), err)
	}
	results, err := search.Run(context.Background(), search.Config{Points: points, Trial: e.trial, Rule: search.PaperRule, Results: filepath.Join(t.TempDir(), "r.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	p, err := partsOf(e.tasks["SYNTHETIC"], 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range results.Trials {
		right := trial.Values[testAccuracy] * float64(p.test.Len())
		if trial.Failure != "" || trial.Values["rows"] != float64(p.fit.Len()) || math.Abs(right-math.Round(right)) > 1e-9 || trial.Values[testAccuracy] < 0.5 {
			t.Errorf("%+v", trial)
		}
	}
	if _, err := p.method(context.Background(), &search.Trial{}, "boosting"); err == nil || !strings.Contains(err.Error(), "boosting") {
		t.Errorf("error %v", err)
	}
}

// The trials of fewer folds come first.
func TestPoints(t *testing.T) {
	one, err1 := synthetic(t, []string{"snn"}, []string{"knn"}, 1).points()
	two, err2 := synthetic(t, []string{"snn"}, []string{"knn"}, 2).points()
	if err1 != nil || err2 != nil || len(two) != 2*len(one) {
		t.Fatalf("%d and %d points (%v, %v)", len(one), len(two), err1, err2)
	}
	for i, p := range one {
		if two[i].String() != p.String() {
			t.Errorf("point %d is %v, and %v for two folds", i, p, two[i])
		}
	}
}
