package optim

import (
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// ScheduleSyntax lists the forms that ParseSchedule reads.
const ScheduleSyntax = "constant, cosine, flatcosine, onecycle, coslog4, step:EVERY:FACTOR, exponential:FACTOR, or warmup:STEPS+ and one of these"

// ParseSchedule parses a schedule from a flag or file, such as "cosine", "step:1000:0.5" or "warmup:100+cosine", whose rate rises from a
// hundredth in the first 100 steps. An error lists the forms.
func ParseSchedule(text string) (Schedule, error) {
	s, ok := parseSchedule(text)
	if !ok {
		return nil, errors.Errorf("optim: no schedule %q; there are %s", text, ScheduleSyntax)
	}
	return s, nil
}

func parseSchedule(text string) (Schedule, bool) {
	if head, rest, ok := strings.Cut(text, "+"); ok {
		n, ok1 := strings.CutPrefix(head, "warmup:")
		steps, ok2 := parseCount(n)
		then, ok3 := parsePlainSchedule(rest)
		return WarmUp{Steps: steps, From: 1 / float64(steps), Then: then}, ok1 && ok2 && ok3
	}
	return parsePlainSchedule(text)
}

// parsePlainSchedule reads a schedule without a warm-up.
func parsePlainSchedule(text string) (Schedule, bool) {
	switch fields := strings.Split(text, ":"); {
	case text == "constant":
		return Constant{}, true
	case text == "cosine":
		return Cosine{}, true
	case text == "flatcosine":
		return FlatCosine{}, true
	case text == "onecycle":
		return OneCycle{}, true
	case text == "coslog4":
		return CosLog{}, true
	case fields[0] == "step" && len(fields) == 3:
		every, ok1 := parseCount(fields[1])
		factor, ok2 := parseFactor(fields[2])
		return StepDecay{Every: every, Factor: factor}, ok1 && ok2
	case fields[0] == "exponential" && len(fields) == 2:
		factor, ok := parseFactor(fields[1])
		return Exponential{Factor: factor}, ok
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
