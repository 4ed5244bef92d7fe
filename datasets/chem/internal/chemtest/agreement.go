package chemtest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// Agreement counts in how many rows a value is the reference's, by name of the value.
type Agreement map[string]*agreed

type agreed struct {
	same, rows int
	examples   []string // of rows that differ
}

const maxExamples = 4

// Add counts one comparison.
func (a Agreement) Add(name string, same bool) { a.AddExample(name, same, "") }

// AddExample counts one comparison; if it failed and is one of the first, Report shows the example.
func (a Agreement) AddExample(name string, same bool, example string) {
	c := a[name]
	if c == nil {
		c = new(agreed)
		a[name] = c
	}
	c.rows++
	switch {
	case same:
		c.same++
	case example != "" && len(c.examples) < maxExamples:
		c.examples = append(c.examples, example)
	}
}

// Check fails if less than the wanted share of a value's rows agree, or nothing was compared.
func (a Agreement) Check(t testing.TB, name string, want float64) {
	t.Helper()
	c := a[name]
	if c == nil {
		t.Errorf("%s: nothing was compared", name)
		return
	}
	t.Logf("%s: %d of %d agree", name, c.same, c.rows)
	if float64(c.same) < want*float64(c.rows) {
		t.Errorf("%s: %d of %d agree, want %.1f %%", name, c.same, c.rows, 100*want)
	}
}

// Report logs the values that do not agree in all rows, the worst first, with examples.
func (a Agreement) Report(t testing.TB) {
	t.Helper()
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(cmp.Compare(a[y].differ(), a[x].differ()), cmp.Compare(x, y))
	})
	for _, name := range names {
		if c := a[name]; c.differ() > 0 {
			t.Logf("%s: %d of %d differ (%.2f %%)%s", name, c.differ(), c.rows, 100*float64(c.differ())/float64(c.rows), c.list())
		}
	}
}

func (c *agreed) differ() int { return c.rows - c.same }

func (c *agreed) list() string {
	if len(c.examples) == 0 {
		return ""
	}
	return "\n\t" + strings.Join(c.examples, "\n\t")
}

// Close reports whether two values are the same but for rounding: to 1e-6, relative to want where that is above 1.
func Close(got, want float64) bool {
	return got == want || math.Abs(got-want) <= 1e-6*max(1, math.Abs(want))
}

// Differ describes a difference for a list of examples.
func Differ(smiles string, got, want any) string {
	return fmt.Sprintf("%v, want %v: %s", got, want, smiles)
}
