package classics

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Every set opens by its name, whatever the options; anything else is an error.
func TestNoPanics(t *testing.T) {
	var none context.Context
	for _, name := range Names() {
		set, err := datasets.OpenContext(none, name, datasets.Options{Dir: "nowhere", RealOnly: true, Threads: math.MaxInt / 8})
		if err != nil || set.Synthetic {
			t.Errorf("%s: %v", name, err)
		}
		if table, origin, err := Table(name); err != nil || table.Len() != set.Len() || origin == "" {
			t.Errorf("table of %s: %v", name, err)
		}
	}
	for name, load := range map[string]func() (*datasets.Set, error){"iris": Iris, "wine": Wine, "breast_cancer": BreastCancer, "digits": Digits} {
		if set, err := load(); err != nil || set.Validate() != nil || !slices.Contains(Names(), set.Name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "../data/iris", "Iris"} {
		if table, _, err := Table(name); err == nil || table != nil {
			t.Errorf("%q: a table", name)
		}
	}
}
