package molecular

import (
	"math"
	"testing"
)

// The mean of probabilities or of log-odds, each probability beyond a limit counting as the limit.
func TestCombine(t *testing.T) {
	all := [][]float64{{0.5, 0.8, 0, 1e-9}, {0.1, 0.8, 1, 1e-9}}
	for rule, want := range map[string][]float64{Mean: {0.3, 0.8, 0.5, 1e-9}, Odds: {0.25, 0.8, 0.5, leastOdds}} {
		got, err := Combine(rule, 1, all)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got {
			if math.Abs(p-want[i]) > 1e-12 {
				t.Errorf("%s: prediction %d is %v, want %v", rule, i, p, want[i])
			}
		}
	}
	if got, err := Combine(Mean, 2, all); err != nil || math.Abs(got[0]-1.1/3) > 1e-12 {
		t.Errorf("networks of weight 2: %v, %v", got, err)
	}
	if _, err := Combine(Mean, math.NaN(), all); err == nil {
		t.Error("the weight NaN is accepted")
	}
	if _, err := Combine("vote", 1, all); err == nil {
		t.Error("an unknown rule is accepted")
	}
	if _, err := Combine(Mean, 1, [][]float64{{1}, {1, 2}}); err == nil {
		t.Error("predictions of different sizes are combined")
	}
}
