package train_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
)

// every has all methods of a callback. It notes their calls, and panics or fails in one of them.
type every struct {
	name           string
	calls          *[]string
	panics, errors string
}

func (e *every) note(method string, s *train.State) error {
	*e.calls = append(*e.calls, fmt.Sprintf("%s %s %d", e.name, method, s.Step))
	switch method {
	case e.panics:
		panic("out of order")
	case e.errors:
		return errors.New("out of order")
	}
	return nil
}

func (e *every) AtStart(_ context.Context, s *train.State) error { return e.note("AtStart", s) }
func (e *every) BeforeUpdate(_ context.Context, s *train.State) error {
	return e.note("BeforeUpdate", s)
}
func (e *every) UpdateDue(s *train.State) bool                      { e.note("UpdateDue", s); return s.Step == 2 }
func (e *every) AfterStep(_ context.Context, s *train.State) error  { return e.note("AfterStep", s) }
func (e *every) AfterEpoch(_ context.Context, s *train.State) error { return e.note("AfterEpoch", s) }
func (e *every) AtEnd(_ context.Context, s *train.State) error      { return e.note("AtEnd", s) }
func (e *every) AtFailure(s *train.State, err error)                { e.note("AtFailure", s) }

var (
	_ callback.StartCallback        = (*every)(nil)
	_ callback.SparseUpdateCallback = (*every)(nil)
	_ callback.StepCallback         = (*every)(nil)
	_ callback.EpochCallback        = (*every)(nil)
	_ callback.EndCallback          = (*every)(nil)
	_ callback.FailureCallback      = (*every)(nil)
)

// Callbacks are called in the order of the configuration, the start before the first step.
func TestCallbackOrder(t *testing.T) {
	var calls []string
	fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(20, 1), train.Config{
		Batch: 10, Callbacks: []train.Callback{&every{name: "a", calls: &calls}, &every{name: "b", calls: &calls}},
	})
	want := []string{
		"a AtStart 0", "b AtStart 0",
		"a UpdateDue 1", "b UpdateDue 1", "a AfterStep 1", "b AfterStep 1",
		"a UpdateDue 2", "b UpdateDue 2", "a BeforeUpdate 2", "b BeforeUpdate 2", "a AfterStep 2", "b AfterStep 2",
		"a AfterEpoch 2", "b AfterEpoch 2", "a AtEnd 2", "b AtEnd 2",
	}
	if !slices.Equal(calls, want) {
		t.Errorf("calls %q, want %q", calls, want)
	}
}

// A panic or error in any method ends the run with an error, and all callbacks that have started learn of it.
func TestCallbackPanics(t *testing.T) {
	for _, method := range []string{"AtStart", "UpdateDue", "BeforeUpdate", "AfterStep", "AfterEpoch", "AtEnd"} {
		for _, panics := range []bool{true, false} {
			if !panics && method == "UpdateDue" {
				continue // has no error
			}
			var calls []string
			first := &every{name: "a", calls: &calls, errors: method}
			words := []string{"out of order"}
			if panics {
				first.errors, first.panics = "", method
				words = append(words, method, "*train_test.every", "panic", "callbacks_test.go")
			}
			_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(20, 1), train.Config{
				Batch: 10, Callbacks: []train.Callback{first, &every{name: "b", calls: &calls}}, Warn: func(string) {},
			})
			mustSay(t, method, err, words...)
			for _, name := range []string{"a", "b"} {
				failed := slices.ContainsFunc(calls, func(c string) bool { return len(c) > 11 && c[:11] == name+" AtFailure" })
				if failed != (name == "a" || method != "AtStart") {
					t.Errorf("%s (panic %v): %s learned of the failure: %v", method, panics, name, failed)
				}
			}
		}
	}
	// A panic in AtFailure is a warning, and the others are still called.
	var calls []string
	h, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(20, 1), train.Config{
		Batch: 10, Warn: func(string) {},
		Callbacks: []train.Callback{&every{name: "a", calls: &calls, errors: "AfterStep", panics: "AtFailure"}, &every{name: "b", calls: &calls}},
	})
	mustSay(t, "the first error", err, "out of order", "step 1")
	if calls[len(calls)-1] != "b AtFailure 1" || len(h.Warnings) != 1 {
		t.Errorf("calls %q, warnings %q", calls, h.Warnings)
	}
}

// All callbacks are called before ErrStop counts.
func TestStopCallsAll(t *testing.T) {
	stop := func(*train.State) error { return train.ErrStop }
	for name, c := range map[string]train.Callback{"AfterStep 1": atStep(stop), "AfterEpoch 2": atEpoch(stop), "AtStart 0": atStart(stop)} {
		var calls []string
		fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(20, 1), train.Config{
			Batch: 10, Epochs: 3, Callbacks: []train.Callback{c, &every{name: "b", calls: &calls}},
		})
		if !slices.Contains(calls, "b "+name) || slices.Contains(calls, "b AfterStep 3") {
			t.Errorf("stopped in %s: calls %q", name, calls)
		}
	}
}
