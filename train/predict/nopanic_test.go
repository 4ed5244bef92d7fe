package predict_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/predict"
)

func surface(t *testing.T) traintest.Surface {
	net := traintest.New(t)
	p, err := predict.New(net, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	headless := net.Clone()
	headless.Outputs = nil
	wide := net.Clone()
	wide.Outputs[0].Width = math.MaxInt / 8
	broken := graphs.CrossEntropy
	broken.Name, broken.Total = "broken", func(_, _ []float64) float64 { panic("no total") }
	panicking := traintest.Network(t, traintest.Small, 2, broken, 1)
	q, err := predict.New(panicking, nil)
	if err != nil {
		t.Fatal(err)
	}
	short := train.Matrix{X: traintest.Matrix(3, 2, func(int, int) float64 { return 0 }), Y: traintest.Vector(2, func(int) float64 { return 0 })}
	return traintest.Surface{
		Functions: map[string]any{
			"New": predict.New, "Predict": predict.Predict, "Evaluate": predict.Evaluate, "KindOf": predict.KindOf, "Sizes": predict.Sizes, "Unweighted": predict.Unweighted,
		},
		Receivers: map[string][]any{"Predictor": {(*predict.Predictor)(nil), &predict.Predictor{}, p, q}},
		Odd: []any{
			t.Context(), net, headless, wide, panicking, &graphs.Network{}, (*graphs.Network)(nil), traintest.Rows(), train.Matrix{}, short, graphs.Loss{Labels: 99},
			graphs.SoftCrossEntropy, kernel.NewWorkers(1),
		},
	}
}

func TestNoPanics(t *testing.T)           { surface(t).NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface(t).Complete(t) }
