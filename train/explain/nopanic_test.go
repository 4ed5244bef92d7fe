package explain_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/explain"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

func TestNoPanic(t *testing.T) {
	net := traintest.New(t)
	e, err := explain.New(explain.Options{MaxPoints: 100}, net)
	if err != nil {
		t.Fatal(err)
	}
	headless := net.Clone()
	headless.Outputs = nil
	s := traintest.Surface{
		Functions: map[string]any{"New": explain.New},
		Receivers: map[string][]any{
			"Explainer":   {(*explain.Explainer)(nil), &explain.Explainer{}, e},
			"Explanation": {(*explain.Explanation)(nil), &explain.Explanation{}},
		},
		Odd: []any{
			t.Context(), net, headless, &graphs.Network{}, traintest.Rows(), train.Matrix{}, kernel.NewWorkers(1), explain.Target{Column: -1}, explain.Target{Output: "z"},
			explain.Options{Tolerance: -1}, explain.Options{Tolerance: math.NaN()}, explain.Options{Baseline: [][]float64{nil, nil, {1}}}, explain.Options{MaxPoints: math.MaxInt},
		},
	}
	s.Complete(t)
	s.NoPanics(t)
}
