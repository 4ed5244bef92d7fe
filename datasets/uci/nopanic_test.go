package uci

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Nil, zero values and absurd sizes give an error, never a panic.
func TestNoPanics(t *testing.T) {
	t.Setenv(datasets.DataVar, t.TempDir())
	t.Setenv(datasets.CacheVar, t.TempDir())
	const huge = math.MaxInt / 8
	var (
		noTask *Task
		none   context.Context
	)
	good, err := Open(none, "any", datasets.Options{StandIn: true})
	if err != nil {
		t.Fatal(err)
	}
	if task, err := Synthetic(math.MaxUint64); err != nil || task.Set.Validate() != nil || !task.Set.Synthetic {
		t.Errorf("synthetic: %v", err)
	}
	swapped := *good
	swapped.Set = &datasets.Set{Name: "other"}
	wide := &Task{Set: good.Set, Folds: huge}
	for name, err := range map[string]error{
		"nil Fold":       second(noTask.Fold(0)),
		"zero Fold":      second((&Task{}).Fold(0)),
		"Fold of others": second(swapped.Fold(0)),
		"Fold overflow":  second(wide.Fold(huge - 1)),
		"Fold huge":      second(good.Fold(huge)),
		"Load nothing":   second(Load("", "")),
		"Load above":     second(Load(t.TempDir(), "..")),
		"Tasks absent":   second(Tasks(t.TempDir())),
		"Open absent":    second(Open(none, "iris", datasets.Options{RealOnly: true})),
		"Dir nowhere":    second(Dir(none, datasets.Options{})),
		"Dir absent":     second(Dir(none, datasets.Options{Dir: t.TempDir() + "/none"})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
