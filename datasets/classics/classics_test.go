package classics

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/selfnorm/selfnorm/datasets"
)

// Sizes and class counts as the repository's pages give them.
func TestSets(t *testing.T) {
	for _, c := range []struct {
		name    string
		load    func() (*datasets.Set, error)
		inputs  int
		classes []string
		count   []int
	}{
		{"iris", Iris, 4, []string{"setosa", "versicolor", "virginica"}, []int{50, 50, 50}},
		{"wine", Wine, 13, []string{"1", "2", "3"}, []int{59, 71, 48}},
		{"breast-cancer", BreastCancer, 30, []string{"benign", "malignant"}, []int{357, 212}},
		{"digits", Digits, 64, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
			[]int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, err := datasets.Open(c.name, datasets.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if set.Width() != c.inputs || !cmp.Equal(set.Classes, c.classes) || set.Name != c.name || set.Synthetic {
				t.Errorf("%s with %d inputs and classes %v, want %d and %v", set.Name, set.Width(), set.Classes, c.inputs, c.classes)
			}
			train, test := set.Rows(datasets.Train), set.Rows(datasets.Test)
			parts := [2][]int{make([]int, len(c.classes)), make([]int, len(c.classes))}
			for p, rows := range [2][]int{train, test} {
				for _, r := range rows {
					parts[p][set.Class(r)]++
				}
			}
			for k, n := range c.count {
				if parts[0][k]+parts[1][k] != n {
					t.Errorf("class %s has %d rows, want %d", c.classes[k], parts[0][k]+parts[1][k], n)
				}
				if d := float64(parts[1][k]) - 0.2*float64(n); math.Abs(d) > 1 {
					t.Errorf("class %s has %d of %d rows in the test part", c.classes[k], parts[1][k], n)
				}
			}
			checkStandardized(t, set, train)
			again, err := c.load()
			if err != nil || !cmp.Equal(again.Part, set.Part) || again.Notes != set.Notes {
				t.Errorf("the second time the set is another one (%v)", err)
			}
		})
	}
}

// checkStandardized checks that every column has mean 0 and variance 1, or is constant, over the rows.
func checkStandardized(t *testing.T, set *datasets.Set, rows []int) {
	t.Helper()
	x := make([]float32, len(rows)*set.Width())
	set.Features.Gather(x, set.Width(), rows)
	for c := range set.Width() {
		sum, square, n := 0.0, 0.0, float64(len(rows))
		for i := range rows {
			v := float64(x[i*set.Width()+c])
			sum += v
			square += v * v
		}
		if math.Abs(sum/n) > 1e-5 || math.Abs(square/n-1) > 1e-5 && square != 0 {
			t.Errorf("%s has mean %v and mean square %v", set.FeatureNames[c], sum/n, square/n)
		}
	}
}

// Sets belong to their caller: one may be changed without another noticing.
func TestFresh(t *testing.T) {
	a, err := Iris()
	if err != nil {
		t.Fatal(err)
	}
	want := append([]datasets.Part(nil), a.Part...)
	for i := range a.Part {
		a.Part[i], a.Labels[i] = datasets.Validation, 2
	}
	b, err := Iris()
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(b.Part, want) || b.Class(0) == 2 {
		t.Error("a change to one set shows in another")
	}
}

// The tables are those of the sets.
func TestTable(t *testing.T) {
	for _, name := range Names() {
		table, origin, err := Table(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := datasets.Open(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if table.Len() != set.Len() || origin != set.Notes || len(table.Rows()) != set.Len() {
			t.Errorf("%s: %d rows, set of %d, %s", name, table.Len(), set.Len(), origin)
		}
	}
	if _, _, err := Table("tulips"); err == nil || !strings.Contains(err.Error(), "breast-cancer") {
		t.Errorf("an unknown name gives %v", err)
	}
}
