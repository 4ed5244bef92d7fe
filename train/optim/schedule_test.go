package optim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/optim"
)

func ExampleWarmUp() {
	schedule := optim.WarmUp{Steps: 4, From: 0.25, Then: optim.Cosine{}}
	for step := range 8 {
		fmt.Printf("%.2f ", schedule.At(optim.Progress{Step: step, Steps: 8, StepsPerEpoch: 4}))
	}
	// Output: 0.25 0.44 0.62 0.81 1.00 0.85 0.50 0.15
}

func ExamplePerEpoch() {
	schedule := optim.PerEpoch{Schedule: optim.StepDecay{Every: 2, Factor: 0.1}}
	for step := range 9 {
		fmt.Print(schedule.At(optim.Progress{Step: step, Steps: 9, StepsPerEpoch: 3}), " ")
	}
	// Output: 1 1 1 1 1 1 0.1 0.1 0.1
}

// PerEpoch gives all steps of an epoch the factor of that epoch, in the last one too if it is cut off.
func TestPerEpoch(t *testing.T) {
	const perEpoch = 7
	for _, steps := range []int{35, 31, 29} {
		for step := range steps {
			got := optim.PerEpoch{Schedule: optim.Cosine{}}.At(optim.Progress{Step: step, Steps: steps, StepsPerEpoch: perEpoch})
			want := optim.Cosine{}.At(optim.Progress{Step: step / perEpoch, Steps: 5, StepsPerEpoch: 1})
			if got != want {
				t.Errorf("step %d of %d: %v, want %v", step, steps, got, want)
			}
		}
	}
}

// OneCycle is a number for runs of any length, as PyTorch's is; the values are PyTorch's.
func TestOneCycleShort(t *testing.T) {
	for _, want := range [][]float64{
		{4e-6}, {0.811745653949763, 4e-6}, {0.9944154354509117, 0.46263710266697505, 4e-6},
		{0.04, 0.811745653949763, 0.28306099820869923, 4e-6},
	} {
		for k, w := range want {
			if got := (optim.OneCycle{}).At(optim.Progress{Step: k, Steps: len(want), StepsPerEpoch: 1}); !(math.Abs(got-w) < 1e-12) {
				t.Errorf("step %d of %d: %v, want %v", k, len(want), got, w)
			}
		}
	}
}

// Settings that make no sense are an error before the first step.
func TestScheduleSettings(t *testing.T) {
	for want, s := range map[string]optim.Schedule{
		"StepDecay: every 0, want at least 1":            optim.StepDecay{Factor: 0.5},
		"StepDecay: factor 0, want a positive number":    optim.StepDecay{Every: 1},
		"Exponential: factor NaN":                        optim.Exponential{Factor: math.NaN()},
		"WarmUp: steps -1":                               optim.WarmUp{Steps: -1},
		"WarmUp: from -1":                                optim.WarmUp{Steps: 3, From: -1},
		"WarmUp: Exponential: factor 0":                  optim.WarmUp{Steps: 3, Then: optim.Exponential{}},
		"PerEpoch: no schedule":                          optim.PerEpoch{},
		"PerEpoch: StepDecay: every -3":                  optim.PerEpoch{Schedule: optim.StepDecay{Every: -3, Factor: 1}},
		"OneCycle: rise 1, want above 0 and below 1":     optim.OneCycle{Rise: 1},
		"OneCycle: div -1, want a positive number":       optim.OneCycle{Div: -1},
		"OneCycle: final div -1, want a positive number": optim.OneCycle{FinalDiv: -1},
		"ScheduleFunc: no function":                      optim.ScheduleFunc(nil),
		"panic in a schedule":                            (*optim.Cosine)(nil),
	} {
		if err := optim.CheckSchedule(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if err := optim.CheckSchedule(nil); err != nil {
		t.Error(err)
	}
}

func TestFactorErrors(t *testing.T) {
	for name, test := range map[string]struct {
		s optim.Schedule
		p optim.Progress
	}{
		"no progress": {nil, optim.Progress{}}, "step -1": {optim.Cosine{}, optim.Progress{Step: -1, Steps: 3, StepsPerEpoch: 1}},
		"after the end": {optim.Cosine{}, optim.Progress{Step: 3, Steps: 3, StepsPerEpoch: 1}}, "no epochs": {optim.Cosine{}, optim.Progress{Steps: 3}},
		"negative": {optim.ScheduleFunc(func(optim.Progress) float64 { return -1 }), optim.Progress{Steps: 3, StepsPerEpoch: 1}},
		"NaN":      {optim.Exponential{Factor: math.NaN()}, optim.Progress{Step: 1, Steps: 3, StepsPerEpoch: 1}},
		"overflow": {optim.Exponential{Factor: 1e300}, optim.Progress{Step: 2, Steps: 3, StepsPerEpoch: 1}},
		"panic":    {optim.ScheduleFunc(func(optim.Progress) float64 { panic("ouch") }), optim.Progress{Steps: 3, StepsPerEpoch: 1}},
	} {
		if x, err := optim.Factor(test.s, test.p); err == nil {
			t.Errorf("%s: factor %v", name, x)
		}
	}
	if x, err := optim.Factor(nil, optim.Progress{Steps: 1, StepsPerEpoch: 1}); x != 1 || err != nil {
		t.Errorf("no schedule: factor %v, error %v", x, err)
	}
}

func TestParseSchedule(t *testing.T) {
	for text, want := range map[string]optim.Schedule{
		"constant": optim.Constant{}, "cosine": optim.Cosine{}, "onecycle": optim.OneCycle{}, "step:3:0.5": optim.StepDecay{Every: 3, Factor: 0.5},
		"exponential:0.9": optim.Exponential{Factor: 0.9}, "warmup:5+cosine": optim.WarmUp{Steps: 5, From: 0.2, Then: optim.Cosine{}},
		"warmup:4+step:2:0.1": optim.WarmUp{Steps: 4, From: 0.25, Then: optim.StepDecay{Every: 2, Factor: 0.1}},
	} {
		got, err := optim.ParseSchedule(text)
		if err != nil || got != want {
			t.Errorf("%s: %#v, want %#v; error %v", text, got, want, err)
		}
	}
	for _, text := range []string{"", "linear", "step", "step:0:0.5", "step:3:0", "step:3:2", "step:x:0.5", "exponential:NaN", "warmup:5", "warmup:5+",
		"warmup:0+cosine", "warmup:1+warmup:1+cosine", "cosine:1"} {
		if _, err := optim.ParseSchedule(text); err == nil || !strings.Contains(err.Error(), optim.ScheduleSyntax) {
			t.Errorf("%q: error %v, want one that lists the forms", text, err)
		}
	}
}

// FuzzParseSchedule: what is accepted passes its check and is a number from 0 to 1 at every step.
func FuzzParseSchedule(f *testing.F) {
	for _, text := range []string{"cosine", "step:3:0.5", "exponential:0.9", "warmup:5+onecycle"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := optim.ParseSchedule(text)
		if err != nil {
			return
		}
		if err := optim.CheckSchedule(s); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		for _, steps := range []int{1, 2, 10} {
			for step := range steps {
				if x, err := optim.Factor(s, optim.Progress{Step: step, Steps: steps, StepsPerEpoch: 1}); err != nil || x > 1+1e-12 {
					t.Errorf("%q: factor %v at step %d of %d, error %v", text, x, step, steps, err)
				}
			}
		}
	})
}
