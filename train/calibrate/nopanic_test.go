package calibrate_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

func TestNoPanic(t *testing.T) {
	s := traintest.Surface{
		Functions: map[string]any{
			"Temperature": calibrate.Temperature, "Platt": calibrate.Platt, "Quantile": calibrate.Quantile, "ClassScores": calibrate.ClassScores,
			"Set": calibrate.Set, "ValueScores": calibrate.ValueScores, "Interval": calibrate.Interval,
		},
		Receivers: map[string][]any{
			"Scaling": {calibrate.Scaling{}, calibrate.Scaling{Scale: []float64{1}}, &calibrate.Scaling{Shift: []float64{1}}},
		},
		Odd: []any{
			calibrate.Data{}, calibrate.Data{Columns: math.MaxInt, Logits: [][]float64{{1}}, Labels: []float64{1}},
			calibrate.Data{Columns: -1, Logits: [][]float64{nil}}, calibrate.Data{Columns: 2, Classes: true, Logits: [][]float64{{1, 2}}, Labels: []float64{7}},
			calibrate.Options{}, calibrate.Options{Prior: math.NaN()}, []byte(nil), []byte("{"), []float64{math.NaN()}, []float64{},
		},
	}
	s.Complete(t)
	s.NoPanics(t)
}
