package optim

import (
	"fmt"
	"math"
	"runtime/debug"
	"strings"

	"github.com/pkg/errors"
)

// setting is a number of a rule or schedule, with defaults filled in, and its range.
type setting struct {
	name  string
	value float64
	ok    bool
	want  string
}

func positive(name string, x float64) setting {
	return setting{name, x, x > 0 && x <= math.MaxFloat64, "a positive number"}
}

func notNegative(name string, x float64) setting {
	return setting{name, x, x >= 0 && x <= math.MaxFloat64, "0 or a positive number"}
}

func fraction(name string, x float64) setting {
	return setting{name, x, x >= 0 && x < 1, "at least 0 and below 1"}
}

func between(name string, x float64) setting {
	return setting{name, x, x > 0 && x < 1, "above 0 and below 1"}
}

func count(name string, n, least int) setting {
	return setting{name, float64(n), n >= least, fmt.Sprintf("at least %d", least)}
}

// flag is a setting that is on or off.
func flag(name string, on bool) setting {
	if on {
		return setting{name, 1, true, ""}
	}
	return setting{name, 0, true, ""}
}

// check returns an error that names all settings that are out of range.
func check(name string, settings []setting) error {
	var faults []string
	for _, s := range settings {
		if !s.ok {
			faults = append(faults, fmt.Sprintf("%s %v, want %s", s.name, s.value, s.want))
		}
	}
	if faults != nil {
		return errors.Errorf("%s: %s", name, strings.Join(faults, "; "))
	}
	return nil
}

// orDefault returns x, or its default if it is 0.
func orDefault(x, fallback float64) float64 {
	if x == 0 {
		return fallback
	}
	return x
}

// given returns *x, or its default if x is nil.
func given(x *float64, fallback float64) float64 {
	if x == nil {
		return fallback
	}
	return *x
}

// on counts the conditions that hold.
func on(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// recovered turns a panic, possibly in a user's code, into an error. Defer it.
func recovered(err *error, where string) {
	if r := recover(); r != nil {
		*err = errors.Errorf("panic in %s: %v\n%s", where, r, debug.Stack())
	}
}
