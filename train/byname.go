package train

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// optimizerMakers make the optimizers by name. decay is the weight decay.
var optimizerMakers = map[string]func(rate, decay float64) Optimizer{
	"sgd":      func(rate, decay float64) Optimizer { return &SGD{Rate: rate, L2: decay} },
	"momentum": func(rate, decay float64) Optimizer { return &SGD{Rate: rate, L2: decay, Momentum: 0.9} },
	"nesterov": func(rate, decay float64) Optimizer {
		return &SGD{Rate: rate, L2: decay, Momentum: 0.9, Nesterov: true}
	},
	"adam":     func(rate, decay float64) Optimizer { return &Adam{Rate: rate, L2: decay} },
	"adamw":    func(rate, decay float64) Optimizer { return &AdamW{Rate: rate, Decay: decay} },
	"rmsprop":  func(rate, decay float64) Optimizer { return &RMSProp{Rate: rate, L2: decay} },
	"adagrad":  func(rate, decay float64) Optimizer { return &AdaGrad{Rate: rate, L2: decay} },
	"adadelta": func(rate, decay float64) Optimizer { return &AdaDelta{Rate: rate, L2: decay} },
	"adamax":   func(rate, decay float64) Optimizer { return &AdaMax{Rate: rate, L2: decay} },
}

// Optimizers returns the names that NewOptimizer knows, sorted.
func Optimizers() []string { return slices.Sorted(maps.Keys(optimizerMakers)) }

// NewOptimizer returns an optimizer by name, for flags and files. "momentum" and "nesterov" are SGD with a momentum of 0.9.
// A rate or weight decay of 0 means the optimizer's default; the decay is L2, and Decay of AdamW.
// An unknown name, and a number that is negative or not finite, is an error.
func NewOptimizer(name string, rate, decay float64) (Optimizer, error) {
	make := optimizerMakers[name]
	if make == nil {
		return nil, errors.Errorf("train: no optimizer %q; there are %s", name, strings.Join(Optimizers(), ", "))
	}
	if err := check("train: optimizer "+name, notNegative("rate", rate), notNegative("weight decay", decay)); err != nil {
		return nil, err
	}
	return make(rate, decay), nil
}

// ScheduleSyntax are the forms that ParseSchedule reads.
const ScheduleSyntax = "constant, cosine, onecycle, step:EVERY:FACTOR, exponential:FACTOR, or warmup:STEPS+ and one of these"

// ParseSchedule reads a schedule, for flags and files: for instance "cosine", "step:1000:0.5" or "warmup:100+cosine", whose rate
// rises from a hundredth in the first 100 steps. An error lists the forms.
func ParseSchedule(text string) (Schedule, error) {
	s, ok := parseSchedule(text)
	if !ok {
		return nil, errors.Errorf("train: no schedule %q; there are %s", text, ScheduleSyntax)
	}
	return s, nil
}

func parseSchedule(text string) (Schedule, bool) {
	if head, rest, ok := strings.Cut(text, "+"); ok {
		count, ok1 := strings.CutPrefix(head, "warmup:")
		steps, ok2 := parseCount(count)
		then, ok3 := parsePlainSchedule(rest)
		return WarmUp(steps, 1/float64(steps), then), ok1 && ok2 && ok3
	}
	return parsePlainSchedule(text)
}

// parsePlainSchedule reads a schedule without a warm-up.
func parsePlainSchedule(text string) (Schedule, bool) {
	switch fields := strings.Split(text, ":"); {
	case text == "constant":
		return Constant, true
	case text == "cosine":
		return Cosine, true
	case text == "onecycle":
		return OneCycle{}.Factor, true
	case fields[0] == "step" && len(fields) == 3:
		every, ok1 := parseCount(fields[1])
		factor, ok2 := parseFactor(fields[2])
		return StepDecay(every, factor), ok1 && ok2
	case fields[0] == "exponential" && len(fields) == 2:
		factor, ok := parseFactor(fields[1])
		return Exponential(factor), ok
	}
	return nil, false
}

// parseCount reads a number of steps, at least 1.
func parseCount(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= math.MaxInt32
}

// parseFactor reads a factor above 0, of at most 1.
func parseFactor(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && x > 0 && x <= 1
}
