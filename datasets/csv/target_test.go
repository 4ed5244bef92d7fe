package csv

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/selfnorm/selfnorm/datasets"
)

// columnOf makes a table of a feature x and the given target values, repeated.
func columnOf(times int, values ...string) string {
	var b strings.Builder
	b.WriteString("x,y\n")
	for i := range times * len(values) {
		fmt.Fprintf(&b, "%d,%s\n", i, values[i%len(values)])
	}
	return b.String()
}

func TestProblem(t *testing.T) {
	var many []string
	for i := range maxGuessed + 1 {
		many = append(many, fmt.Sprint(i))
	}
	for _, c := range []struct {
		name, text string
		o          Options
		want       Problem
		classes    []string
	}{
		{"texts", columnOf(2, "b", "a", "c"), Options{Target: "y"}, Classes, []string{"a", "b", "c"}},
		{"few whole numbers", columnOf(2, "10", "9", "-0", "9.0", "0"), Options{Target: "-1"}, Classes, []string{"0", "9", "10"}},
		{"numbers and texts", columnOf(2, "10", "9", "other"), Options{Target: "2"}, Classes, []string{"10", "9", "other"}},
		{"fractions", columnOf(9, "1", "2.5"), Options{Target: "y"}, Regression, nil},
		{"many whole numbers", columnOf(3, many...), Options{Target: "y"}, Regression, nil},
		{"hardly any twice", columnOf(1, "1", "2", "3"), Options{Target: "y"}, Regression, nil},
		{"classes are asked for", columnOf(1, "1.5", "2", "3"), Options{Target: "y", Problem: Classes}, Classes, []string{"1.5", "2", "3"}},
		{"many texts are asked for", columnOf(1, append(many, "x")...), Options{Target: "y", Problem: Classes}, Classes, append(slices.Sorted(slices.Values(many)), "x")},
		{"binary is asked for", columnOf(1, "yes", "no"), Options{Target: "y", Problem: Binary}, Binary, nil},
		{"regression is asked for", columnOf(9, "0", "1"), Options{Target: "y", Problem: Regression}, Regression, nil},
		{"two of 0 and 1", "a,b,c\n0,True,1\n1,,2\n,FALSE,3\n", Options{Targets: []string{"a", "b"}}, Binary, nil},
		{"two of numbers", "a,b,c\n0,1,1\n1,2,2\n0,3,3\n", Options{Targets: []string{"a", "b"}}, Regression, nil},
		{"none", columnOf(2, "a"), Options{}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := read(t, c.text, c.o)
			if table.Problem() != c.want {
				t.Errorf("problem %q, want %q", table.Problem(), c.want)
			}
			if d := cmp.Diff(c.classes, table.classes); d != "" {
				t.Errorf("classes (-want +got):\n%s", d)
			}
		})
	}
}

func TestProblemErrors(t *testing.T) {
	typo := make([]string, 50)
	for i := range typo {
		typo[i] = fmt.Sprint(float64(i) / 8)
	}
	typo[30] = "3;75"
	for _, c := range []struct {
		name, text string
		o          Options
		say        string
	}{
		{"a typing error in a regression", columnOf(1, typo...), Options{Target: "y"}, `my.csv:32: column "y": "3;75" is not a number`},
		{"one class", columnOf(5, "a"), Options{Target: "y"}, "1 different values"},
		{"no values", columnOf(5, "?"), Options{Target: "y", Problem: Classes}, "0 different values"},
		{"two targets, one set of classes", "a,b\n1,2\n", Options{Targets: []string{"a", "b"}, Problem: Classes}, "2 targets"},
		{"two targets, texts", "a,b,c\n1,u,1\n2,v,2\n", Options{Targets: []string{"a", "b"}}, `my.csv:2: column "b": "u" is not a number`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadFrom("my.csv", strings.NewReader(c.text), c.o)
			wantError(t, err, "csv: my.csv", c.say)
		})
	}
}

// Labels are class numbers, 0 and 1 with gaps, or standardized numbers that Value turns back.
func TestLabels(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name, text string
		o          Options
		want       []float32
		outputs    int
	}{
		{"classes", "x,y\n1,b\n2,a\n3,c\n4,a\n", Options{Target: "y"}, []float32{1, 0, 2, 0}, 3},
		{"binary with gaps", "x,y,z\n1,0,yes\n2,,no\n3,1,\n", Options{Targets: []string{"y", "z"}}, []float32{0, 1, nan, 0, 1, nan}, 2},
		{"raw regression", "x,y\n1,1.5\n2,2.5\n", Options{Target: "y", RawTarget: true}, []float32{1.5, 2.5}, 1},
		{"regression", "x,y\n1,1.5\n2,2.5\n", Options{Target: "y"}, []float32{-1, 1}, 1},
		{"two regressions", "x,y,z\n1,5,1\n2,6,3\n3,8,2\n4,9,2\n", Options{Targets: []string{"z", "y"}, RawTarget: true}, []float32{1, 5, 3, 6, 2, 8, 2, 9}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := read(t, c.text, c.o)
			e := must[*Encoder](t)(table.Fit(all(table.Len())))
			set := must[*datasets.Set](t)(e.Set(table))
			if err := set.Validate(); err != nil {
				t.Fatal(err)
			}
			for i, want := range c.want {
				if got := set.Labels[i]; got != want && (got == got || want == want) {
					t.Errorf("labels are %v, want %v", set.Labels, c.want)
					break
				}
			}
			if set.Outputs() != c.outputs {
				t.Errorf("%d outputs, want %d", set.Outputs(), c.outputs)
			}
			if c.name == "regression" && (e.Value(0, -1) != 1.5 || e.Value(0, 1) != 2.5) {
				t.Errorf("-1 and 1 stand for %v and %v", e.Value(0, -1), e.Value(0, 1))
			}
		})
	}
}

// Rows that have no label to learn from are set aside with their line; several targets may have gaps.
func TestExcluded(t *testing.T) {
	for _, c := range []struct {
		text string
		o    Options
		want []int
	}{
		{"id,x,y\nr0,1,a\nr1,2,\nr2,3,b\nr3,4,?\nr4,5,a\nr5,6,b\n", Options{Target: "y", ID: "id"}, []int{1, 3}},
		{"id,x,y,z\nr0,1,1,0\nr1,2,,\nr2,3,0,\nr3,4,0,1\n", Options{Targets: []string{"y", "z"}, ID: "id"}, []int{1}},
		{"id,x,y,z\nr0,1,1.5,0\nr1,2,,\nr2,3,0,\nr3,4,0,2\nr4,5,1,1\n", Options{Targets: []string{"y", "z"}, ID: "id"}, []int{1}},
	} {
		set, _, err := LoadFrom("my.csv", strings.NewReader(c.text), c.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Rows(datasets.Excluded); !cmp.Equal(got, c.want) {
			t.Errorf("%q: rows %v are excluded, want %v", c.text, got, c.want)
		}
		for i, s := range set.Skipped {
			if s.Row != c.want[i] || s.Line != c.want[i]+2 || s.ID != fmt.Sprintf("r%d", s.Row) || !strings.Contains(s.Reason, "target") {
				t.Errorf("skipped %+v", s)
			}
		}
	}
}
