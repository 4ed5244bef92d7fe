package trials_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
)

// The checksum of data tells sets apart that differ in a label, a feature, the order of rows, or the folds.
func TestChecksum(t *testing.T) {
	iris, err := classics.Iris()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	add := func(what string, change func(c *trials.Checksum, set *datasets.Set) *datasets.Set) {
		c, copied := trials.NewChecksum(), *iris
		copied.Labels = append([]float32(nil), iris.Labels...)
		if err := c.Set(change(c, &copied)); err != nil {
			t.Fatal(err)
		}
		name := c.Name("iris")
		if other, ok := seen[name]; ok {
			t.Errorf("%s and %s are both %q", what, other, name)
		}
		seen[name] = what
	}
	subset := func(set *datasets.Set, rows ...int) *datasets.Set {
		part, err := set.Subset(rows)
		if err != nil {
			t.Fatal(err)
		}
		return part
	}
	add("all", func(_ *trials.Checksum, set *datasets.Set) *datasets.Set { return set })
	add("a label", func(_ *trials.Checksum, set *datasets.Set) *datasets.Set { set.Labels[3]++; return set })
	add("a row", func(_ *trials.Checksum, set *datasets.Set) *datasets.Set { return subset(set, 0) })
	add("two rows", func(_ *trials.Checksum, set *datasets.Set) *datasets.Set { return subset(set, 0, 1) })
	add("two rows, the other first", func(_ *trials.Checksum, set *datasets.Set) *datasets.Set { return subset(set, 1, 0) })
	add("folds", func(c *trials.Checksum, set *datasets.Set) *datasets.Set {
		c.Rows([]int{1})
		c.Rows([]int{2})
		return set
	})
	add("other folds", func(c *trials.Checksum, set *datasets.Set) *datasets.Set {
		c.Rows([]int{1, 2})
		c.Rows(nil)
		return set
	})
	add("texts", func(c *trials.Checksum, set *datasets.Set) *datasets.Set { c.Text("a", "bc"); return set })
	add("other texts", func(c *trials.Checksum, set *datasets.Set) *datasets.Set { c.Text("ab", "c"); return set })
}
