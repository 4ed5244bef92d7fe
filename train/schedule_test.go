package train_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train"
)

func ExampleWarmUp() {
	schedule := train.WarmUp(4, 0.25, train.Cosine)
	for step := range 8 {
		fmt.Printf("%.2f ", schedule(step, 8))
	}
	// Output: 0.25 0.44 0.62 0.81 1.00 0.85 0.50 0.15
}

// PerEpoch gives all steps of an epoch the factor of that epoch.
func TestPerEpoch(t *testing.T) {
	const perEpoch, epochs = 7, 5
	schedule := train.PerEpoch(perEpoch, train.Cosine)
	for step := range perEpoch * epochs {
		if got, want := schedule(step, perEpoch*epochs), train.Cosine(step/perEpoch, epochs); got != want {
			t.Errorf("step %d: %v, want %v", step, got, want)
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
			if got := (train.OneCycle{}).Factor(k, len(want)); !(math.Abs(got-w) < 1e-12) {
				t.Errorf("step %d of %d: %v, want %v", k, len(want), got, w)
			}
		}
	}
}

// Settings that make no sense give NaN, which an optimizer refuses.
func TestScheduleSettings(t *testing.T) {
	for name, s := range map[string]train.Schedule{
		"no steps": train.StepDecay(0, 0.5), "factor 0": train.StepDecay(1, 0), "factor NaN": train.Exponential(math.NaN()),
		"warm-up of -1": train.WarmUp(-1, 0, nil), "from -1": train.WarmUp(3, -1, nil), "epochs without steps": train.PerEpoch(0, train.Cosine),
		"no schedule": train.PerEpoch(1, nil), "rise 1": train.OneCycle{Rise: 1}.Factor, "div -1": train.OneCycle{Div: -1}.Factor,
		"final div -1": train.OneCycle{FinalDiv: -1}.Factor,
	} {
		if got := s(0, 10); !math.IsNaN(got) {
			t.Errorf("%s: factor %v, want NaN", name, got)
		}
	}
}

func TestParseSchedule(t *testing.T) {
	for text, want := range map[string]train.Schedule{
		"constant": train.Constant, "cosine": train.Cosine, "onecycle": train.OneCycle{}.Factor, "step:3:0.5": train.StepDecay(3, 0.5),
		"exponential:0.9": train.Exponential(0.9), "warmup:5+cosine": train.WarmUp(5, 0.2, train.Cosine),
		"warmup:4+step:2:0.1": train.WarmUp(4, 0.25, train.StepDecay(2, 0.1)),
	} {
		got, err := train.ParseSchedule(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for step := range 12 {
			if got(step, 12) != want(step, 12) {
				t.Errorf("%s: %v at step %d, want %v", text, got(step, 12), step, want(step, 12))
			}
		}
	}
	for _, text := range []string{"", "linear", "step", "step:0:0.5", "step:3:0", "step:3:2", "step:x:0.5", "exponential:NaN", "warmup:5", "warmup:5+",
		"warmup:0+cosine", "warmup:1+warmup:1+cosine", "cosine:1"} {
		if _, err := train.ParseSchedule(text); err == nil || !strings.Contains(err.Error(), train.ScheduleSyntax) {
			t.Errorf("%q: error %v, want one that lists the forms", text, err)
		}
	}
}

// FuzzParseSchedule: what is accepted is a number from 0 to 1 at every step.
func FuzzParseSchedule(f *testing.F) {
	for _, text := range []string{"cosine", "step:3:0.5", "exponential:0.9", "warmup:5+onecycle"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := train.ParseSchedule(text)
		if err != nil {
			return
		}
		for _, steps := range []int{1, 2, 10} {
			for step := range steps {
				if x := s(step, steps); !(x >= 0 && x <= 1+1e-12) {
					t.Errorf("%q: factor %v at step %d of %d", text, x, step, steps)
				}
			}
		}
	})
}

func TestNewOptimizer(t *testing.T) {
	for _, name := range train.Optimizers() {
		for _, rate := range []float64{0, 0.01} {
			o, err := train.NewOptimizer(name, rate, 0.1)
			if err != nil {
				t.Fatal(err)
			}
			newWalk(dtypes[0], []int{3}).step(t, o)
		}
	}
	for _, test := range []struct {
		name        string
		rate, decay float64
		want        string
	}{
		{"adamx", 0, 0, `no optimizer "adamx"; there are adadelta, adagrad, adam, adamax, adamw, momentum, nesterov, rmsprop, sgd`},
		{"adam", -1, 0, "rate -1"}, {"adam", math.NaN(), 0, "rate NaN"}, {"adamw", 0, -2, "weight decay -2"},
	} {
		if _, err := train.NewOptimizer(test.name, test.rate, test.decay); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %v %v: error %v, want one that says %q", test.name, test.rate, test.decay, err, test.want)
		}
	}
}
