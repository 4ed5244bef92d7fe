package optim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

func ExampleCosLog() {
	for step := range 16 {
		fmt.Printf("%.2f ", optim.CosLog{}.At(optim.Progress{Step: step, Steps: 15 + 1, StepsPerEpoch: 4}))
	}
	// Output: 0.00 0.02 0.99 0.05 0.49 1.00 0.57 0.06 0.07 0.46 0.85 1.00 0.88 0.59 0.29 0.07
}

// CosLog has its peaks where log2(1 + (2^cycles - 1) t) is a half more than a whole number, and is 0 between them.
func TestCosLog(t *testing.T) {
	const steps = 1 << 20
	at := func(cycles int, t float64) float64 {
		return optim.CosLog{Cycles: cycles}.At(optim.Progress{Step: int(t * steps), Steps: steps, StepsPerEpoch: 1})
	}
	for _, cycles := range []int{1, 2, 4, 6} {
		span := math.Exp2(float64(cycles)) - 1
		for k := range cycles {
			if y := at(cycles, (math.Exp2(float64(k)+0.5)-1)/span); y < 1-1e-6 {
				t.Errorf("%d cycles: peak %d is %v", cycles, k, y)
			}
			if y := at(cycles, (math.Exp2(float64(k))-1)/span); y > 1e-6 {
				t.Errorf("%d cycles: %v before cycle %d", cycles, y, k)
			}
		}
	}
	if at(0, 0.3) != at(4, 0.3) {
		t.Error("the default is not four cycles")
	}
	for _, bad := range []optim.CosLog{{Cycles: -1}, {Cycles: 31}} {
		if bad.Check() == nil {
			t.Errorf("no error for %+v", bad)
		}
	}
}

// FlatCosine is 1 for the flat part and never rises after it; without a flat part it is Cosine.
func TestFlatCosine(t *testing.T) {
	const steps = 100
	for _, flat := range []float64{0, 0.25, 0.5, 0.99} {
		last := 1.0
		for step := range steps {
			p := optim.Progress{Step: step, Steps: steps, StepsPerEpoch: 10}
			y := optim.FlatCosine{Flat: &flat}.At(p)
			if y > last || y < 0 || float64(step) <= flat*steps && y != 1 {
				t.Errorf("flat %v: %v at step %d after %v", flat, y, step, last)
			}
			if want := (optim.Cosine{}).At(p); flat == 0 && math.Abs(y-want) > 1e-12 {
				t.Errorf("step %d: %v, want that of Cosine, %v", step, y, want)
			}
			last = y
		}
	}
	for _, bad := range []float64{-0.1, 1, math.NaN()} {
		if (optim.FlatCosine{Flat: &bad}).Check() == nil {
			t.Errorf("no error for %v", bad)
		}
	}
}

// The schedules for tables have names.
func TestParseTableSchedules(t *testing.T) {
	p := optim.Progress{Step: 7, Steps: 10, StepsPerEpoch: 2}
	for text, want := range map[string]optim.Schedule{"coslog4": optim.CosLog{}, "flatcosine": optim.FlatCosine{}} {
		got, err := optim.ParseSchedule(text)
		if err != nil || got.At(p) != want.At(p) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// One step of Adam on a weight of the neural-tangent parametrization, and on the weight that it stands for with the factor of NeuralTangent, is the same.
func TestNeuralTangent(t *testing.T) {
	if f := optim.NeuralTangent(tensor.Shape{25, 3}); f != 0.2 {
		t.Errorf("25 inputs have the factor %v", f)
	}
	for _, shape := range []tensor.Shape{nil, {7}, {0, 3}, {2, 3, 4, 5}} {
		if f := optim.NeuralTangent(shape); f != 1 {
			t.Errorf("shape %v has the factor %v", shape, f)
		}
	}
}
