package htru2

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Nil, zero values and absurd sizes give an error, never a panic.
func TestNoPanics(t *testing.T) {
	nowhere(t)
	var none context.Context
	set, err := Load(none, datasets.Options{StandIn: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, load := range map[string]func() (*datasets.Set, error){
		"embedded": Embedded, "synthetic": func() (*datasets.Set, error) { return Synthetic(math.MaxUint64) },
	} {
		if set, err := load(); err != nil || set.Validate() != nil || set.Synthetic != (name == "synthetic") {
			t.Errorf("%s: %v", name, err)
		}
	}
	short := *set
	short.Labels = short.Labels[:1]
	for name, err := range map[string]error{
		"Read nothing":      second(Read("")),
		"Read a folder":     second(Read(t.TempDir())),
		"Load absent":       second(Load(none, datasets.Options{Dir: t.TempDir()})),
		"Folds of nil":      second(Folds(nil, 0)),
		"Folds of zero":     second(Folds(&datasets.Set{}, 0)),
		"Folds few labels":  second(Folds(&short, 0)),
		"Scaled of nil":     second(Scaled(nil, []int{0})),
		"Scaled of zero":    second(Scaled(&datasets.Set{}, []int{0})),
		"Scaled of no rows": second(Scaled(set, nil)),
		"Scaled of row":     second(Scaled(set, []int{math.MaxInt / 8})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
