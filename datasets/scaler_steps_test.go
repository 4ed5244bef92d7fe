package datasets

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// The steps of a scaler, applied one by one, give what the scaler gives.
func TestScalerSteps(t *testing.T) {
	x := []float32{1, 5, 7, 2, 5, -3, 3, 5, 11, 9, 5, 0}
	f, err := NewDense(4, 3, x)
	if err != nil {
		t.Fatal(err)
	}
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize, RobustClip} {
		s, err := FitScaler(scaling, 0.01, f, []int{0, 1, 2})
		if err != nil {
			t.Fatal(err)
		}
		scaled, err := s.Apply(f)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, len(x))
		scaled.Gather(got, 3, []int{0, 1, 2, 3})
		for i, v := range x {
			want := float64(v)
			for _, step := range s.Steps() {
				if sd := step.SD[i%3]; sd == 0 {
					want = 0
				} else {
					want = (want - step.Mean[i%3]) / sd
				}
				if step.Clip != nil && step.Clip[i%3] {
					want = batch.SmoothClip(want)
				}
				if step.Tanh {
					want = math.Tanh(want)
				}
			}
			if got[i] != float32(want) {
				t.Errorf("%s: value %d is %v, by steps %v", scaling, i, got[i], want)
			}
		}
	}
}
