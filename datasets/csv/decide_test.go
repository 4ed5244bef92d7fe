package csv

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/selfnorm/selfnorm/datasets"
)

// rows makes a table of n rows with a feature x, a target y of two classes, and a column that value gives.
func rows(name string, n int, value func(i int) string) string {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	var b strings.Builder
	fmt.Fprintf(&b, "%s,x,y\n", name)
	for i := range n {
		fmt.Fprintf(&b, "%s,%.3f,%s\n", value(i), rng.NormFloat64(), []string{"no", "yes"}[i%2])
	}
	return b.String()
}

// decided returns the first column and the decisions about a table.
func decided(t *testing.T, text string, o Options) (Column, string) {
	t.Helper()
	table := read(t, text, o)
	return table.Columns()[0], strings.Join(table.Decisions(), "\n")
}

// The values of a column decide its kind, and every decision that is not obvious is recorded.
func TestDecisions(t *testing.T) {
	number := func(i int) string { return fmt.Sprintf("%d.%d", 20+i*7%40, i%10) }
	odd := func(text string, at ...int) func(i int) string {
		return func(i int) string {
			if slices.Contains(at, i) {
				return text
			}
			return number(i)
		}
	}
	auto := Options{Target: "y", Auto: true}
	for _, c := range []struct {
		name, text string
		o          Options
		want       Column
		say        []string
	}{
		{"all numbers", rows("a", 60, number), auto, Column{"a", Numeric, 0, 0}, nil},
		{"one text", rows("a", 60, odd("unheard of", 40)), auto, Column{"a", Numeric, 1, 0}, []string{`"unheard of" on line 42`, "1 of 60 values", "Categorical"}},
		{"the first value is a text", rows("a", 60, odd("unheard of", 0)), auto, Column{"a", Numeric, 1, 0}, []string{"on line 2"}},
		{"texts at the start", rows("a", 6000, func(i int) string {
			if i < 100 {
				return fmt.Sprintf("text%d", i)
			}
			return number(i)
		}), auto, Column{"a", Numeric, 100, 0}, []string{`100 of 6000 values are texts, such as "text0" on line 2`}},
		{"many texts", rows("a", 60, odd("unheard of", 1, 2, 3, 4, 5)), Options{Target: "y"}, Column{"a", Categorical, 0, 41}, nil},
		{"many dashes", rows("a", 60, odd("-", 1, 2, 3, 4, 5, 6, 7, 8)), auto, Column{"a", Numeric, 8, 0}, []string{`8 of 60 values are texts, such as "-" on line 3`}},
		{"categorical is asked for", rows("a", 60, odd("-", 1)), Options{Target: "y", Categorical: []string{"a"}}, Column{"a", Categorical, 0, 41}, nil},
		{"leading zeros", rows("a", 60, func(i int) string { return fmt.Sprintf("%05d", i%7) }), auto, Column{"a", Categorical, 0, 7}, []string{`codes with leading zeros, such as "00000"`, "Numeric"}},
		{"leading zeros are numbers", rows("a", 60, func(i int) string { return fmt.Sprintf("%05d", i%7) }), Options{Target: "y", Numeric: []string{"a"}}, Column{"a", Numeric, 0, 0}, nil},
		{"IDs", rows("a", 60, func(i int) string { return fmt.Sprint(9007199254740993000 + int64(i*7)) }), auto, Column{"a", Ignored, 0, 0}, []string{"above 2^53", "60 different texts", "ID"}},
		{"large numbers", rows("a", 60, func(i int) string { return fmt.Sprint(9007199254740992 + int64(i%2*2)) }), auto, Column{"a", Numeric, 0, 0}, nil},
		{"row numbers", rows("a", 60, func(i int) string { return fmt.Sprint(i + 3) }), auto, Column{"a", Ignored, 0, 0}, []string{"counts the rows"}},
		{"the same", rows("a", 60, func(int) string { return "u" }), auto, Column{"a", Ignored, 0, 0}, []string{"the same in all rows"}},
		{"nothing", rows("a", 60, func(int) string { return "" }), auto, Column{"a", Ignored, 60, 0}, []string{"it is empty"}},
		{"names", rows("a", 12, func(i int) string { return fmt.Sprintf("n%d", i) }), auto, Column{"a", Ignored, 0, 0}, []string{`12 different texts in 12 rows, such as "n0" on line 2`, "ID"}},
		{"names that may occur twice", rows("a", 120, func(i int) string { return fmt.Sprintf("n%d", i*i%137) }), auto, Column{"a", Ignored, 0, 0}, []string{"different texts in 120 rows"}},
		{"categories", rows("a", 120, func(i int) string { return fmt.Sprintf("n%d", i%15) }), auto, Column{"a", Categorical, 0, 15}, nil},
		{"names are kept if asked for", rows("a", 12, func(i int) string { return fmt.Sprintf("n%d", i) }), Options{Target: "y", Auto: true, Categorical: []string{"a"}}, Column{"a", Categorical, 0, 12}, nil},
		{"a comment", "# of 2024\n" + rows("a", 60, number), auto, Column{"a", Numeric, 0, 0}, []string{`"# of 2024", is a comment`}},
		{"comments", "# of 2024\n#\n" + rows("a", 60, number) + "# the end\n", auto, Column{"a", Numeric, 0, 0}, []string{`The first 2 lines`}},
		{"a header like a comment", rows("#a", 60, number), auto, Column{"#a", Numeric, 0, 0}, nil},
		{"separator", "sep=;\n" + strings.ReplaceAll(rows("a", 60, number), ",", ";"), auto, Column{"a", Numeric, 0, 0}, nil},
		{"decimal commas", strings.ReplaceAll(strings.ReplaceAll(rows("a", 60, number), ",", ";"), ".", ","), auto, Column{"a", Numeric, 0, 0}, []string{"decimal commas"}},
		{"no decimal commas", strings.ReplaceAll(strings.ReplaceAll(rows("a", 60, number), ",", ";"), ".", ","), Options{Auto: true, DecimalPoint: true, Categorical: []string{"a"}}, Column{"a", Categorical, 0, 40}, nil},
		{"fields without a column", strings.ReplaceAll(strings.Replace(rows("a", 60, number), "y\n", "y;\n", 1), "\n", ",\n"), Options{Auto: true}, Column{"a", Numeric, 0, 0}, nil},
		{"empty fields at the end", "a,x,y\n" + strings.ReplaceAll(strings.SplitN(rows("a", 60, number), "\n", 2)[1], "\n", ",,\n"), auto, Column{"a", Numeric, 0, 0}, []string{"60 of 60 lines end in empty fields"}},
		{"a column without a name or values", strings.Replace(rows("a", 60, number), "y\n", "y,\n", 1), auto, Column{"a", Numeric, 0, 0}, []string{`"4" is left out: it is empty`}},
		{"empty rows", rows("a", 60, number) + ",,\n,,\n", auto, Column{"a", Numeric, 0, 0}, []string{"2 rows without any value are left out"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, said := decided(t, c.text, c.o)
			if d := cmp.Diff(c.want, got); d != "" && !(c.name == "names that may occur twice" && got.Kind == Ignored) {
				t.Errorf("column (-want +got):\n%s", d)
			}
			for _, s := range c.say {
				if !strings.Contains(said, s) {
					t.Errorf("decisions %q do not say %q", said, s)
				}
			}
			if c.say == nil && strings.Contains(said, `"a"`) {
				t.Errorf("decisions about nothing: %s", said)
			}
		})
	}
}

// Texts that usually mean no value do so among numbers, in a new table, too.
func TestMarkers(t *testing.T) {
	for _, s := range []string{"n/k", "#NA", "-NaN", "1.#QNAN", "inf", "-inf", "1e400", "Unknown", "-", "#DIV/0!"} {
		table := read(t, rows("a", 40, func(i int) string {
			if i == 3 {
				return s
			}
			return fmt.Sprint(i * i % 17)
		}), Options{Target: "y"})
		e := must[*Encoder](t)(table.Fit(table.Rows()))
		if c := table.Columns()[0]; c.Kind != Numeric || c.Missing != 1 || !slices.Contains(e.FeatureNames(), "a (missing)") {
			t.Errorf("%q: %+v, features %v", s, c, e.FeatureNames())
		}
		set := must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("a,x\n"+s+",1\n")))))
		if got := values(set)[0][1]; got != 1 {
			t.Errorf("%q in a new table: missing is %v", s, got)
		}
	}
}

// A date becomes numbers for its parts that vary, in new tables by the same layout.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		dates []string
		want  []string // features
		first []float64
	}{
		{[]string{"2024-01-31", "2024-02-01", "2024-12-31"}, []string{"d (month)", "d (day)", "d (weekday)", "d (day of year)"}, []float64{1, 31, 3, 31}},
		{[]string{"2023-05-01", "2024-05-01"}, []string{"d (year)", "d (weekday)", "d (day of year)"}, []float64{2023, 1, 121}},
		{[]string{"31/01/2024", "01/02/2024", "02/02/2024"}, []string{"d (month)", "d (day)", "d (weekday)", "d (day of year)"}, []float64{1, 31, 3, 31}},
		{[]string{"01.02.2024", "02.02.2024"}, []string{"d (day)", "d (weekday)", "d (day of year)"}, []float64{1, 4, 32}},
		{[]string{"2024-03-01T06:30:00Z", "2024-03-01 18:00"}, []string{"d (hour)"}, []float64{6.5}},
		{[]string{"Jun 12 1998", "Jun 13 1998"}, []string{"d (day)", "d (weekday)", "d (day of year)"}, []float64{12, 5, 163}},
		{[]string{"2024-01-31", "2024-02-01", "2024-02-03", "2024-02-04", "2024-02-05", "2024-02-06", "2024-02-07", "2024-02-08", "2024-02-09", "soon"},
			[]string{"d (month)", "d (missing)", "d (day)", "d (weekday)", "d (day of year)"}, []float64{1, 0, 31, 3, 31}},
	} {
		text := rows("d", 4*len(c.dates), func(i int) string { return c.dates[i%len(c.dates)] })
		table := read(t, text, Options{Target: "y", Auto: true})
		e := must[*Encoder](t)(table.Fit(table.Rows()))
		names := e.FeatureNames()
		names = slices.DeleteFunc(names, func(s string) bool { return s == "x" })
		if d := cmp.Diff(c.want, names); d != "" {
			t.Errorf("%v: features (-want +got):\n%s", c.dates, d)
			continue
		}
		if said := strings.Join(e.Decisions(), "\n"); !strings.Contains(said, `"d" holds dates`) || slices.Contains(c.dates, "soon") != strings.Contains(said, `4 of them cannot be read, such as "soon" on line 11`) {
			t.Errorf("decisions %s", said)
		}
		var back Encoder
		if err := json.Unmarshal(must[[]byte](t)(json.Marshal(e)), &back); err != nil {
			t.Fatal(err)
		}
		set := must[*datasets.Set](t)(back.Set(must[*Table](t)(back.ReadFrom("new.csv", strings.NewReader("x,d\n0,"+c.dates[0]+"\n0,?\n")))))
		scale := back.Scaling()
		for k, want := range c.first {
			if got := float64(values(set)[0][k])*scale.SD[k] + scale.Mean[k]; got < want-1e-3 || got > want+1e-3 {
				t.Errorf("%v: %s is %v, want %v", c.dates, names[k], got, want)
			}
		}
	}
}

// None is a class if the others are words, and no value if they are numbers or yes and no.
func TestNone(t *testing.T) {
	for _, c := range []struct {
		values, want []string
		o            Options
	}{
		{[]string{"None", "Mild", "Severe"}, []string{"Mild", "None", "Severe"}, Options{}},
		{[]string{"None", "yes", "no"}, []string{"no", "yes"}, Options{}},
		{[]string{"None", "1", "2"}, []string{"1", "2"}, Options{}},
		{[]string{"None", "Mild", "Severe"}, []string{"Mild", "Severe"}, Options{Missing: []string{"None"}}},
		{[]string{"NA", "Mild", "Severe"}, []string{"Mild", "Severe"}, Options{}},
		{[]string{"01", "02", "11"}, []string{"01", "02", "11"}, Options{}},
	} {
		c.o.Target = "y"
		text := columnOf(4, c.values...)
		table := read(t, text, c.o)
		if d := cmp.Diff(c.want, table.classes); d != "" {
			t.Errorf("%v: classes (-want +got):\n%s", c.values, d)
			continue
		}
		e := must[*Encoder](t)(table.Fit(table.Rows()))
		set := must[*datasets.Set](t)(e.Set(table))
		again := must[*datasets.Set](t)(e.Load(write(t, "new.csv", text)))
		sameSet(t, again, set)
		if said := strings.Contains(strings.Join(e.Decisions(), ""), `"None" is a class`); said != slices.Contains(c.want, "None") {
			t.Errorf("%v: decisions %v", c.values, e.Decisions())
		}
	}
}

// New rows may have other separators; what the encoder does not know in them is counted.
func TestNotices(t *testing.T) {
	table := read(t, "a,color,d,y\n1.5,red,2024-01-01,no\n2.5,blue,2024-02-03,yes\n3,red,2024-02-04,no\n4,blue,2024-02-05,yes\n", Options{Target: "y"})
	e := must[*Encoder](t)(table.Fit(all(4)))
	want := values(must[*datasets.Set](t)(e.Set(table)))[0]
	for text, say := range map[string][]string{
		"a,color,d\n1.5,red,2024-01-01\n":                   nil,
		"\uFEFFa;color;d\n1,5;red;2024-01-01\n":             {"decimal commas"},
		"a;color;d\n1.5;red;2024-01-01\n":                   {"decimal commas"},
		"sep=|\nd|color|a\n2024-01-01|red|1.5\n":            {"decimal commas"},
		"a\tcolor\td\ty\n1.5\tred\t2024-01-01\tmaybe\n":     {"decimal commas"},
		"a,color,d,y\n1.5,red,2024-01-01,no\n2,green,x,?\n": {`Column "color": 1 of 2 rows have a category that no row to train on has, such as "green" on line 3`, `"d": 1 of 2 rows have no date`},
		"a,color,d,y\n1.5,red,2024-01-01,no\n2,,,maybe\n":   {`Column "y": 1 of 2 rows have a label that no row to train on has, such as "maybe" on line 3; they are not judged`},
		"a,color,d\n1.5,red,2024-01-01\ninf,red,2024-01-01": {`Column "a": 1 of 2 rows have no number but a text, such as "inf" on line 3`},
	} {
		n := NewRows{Predict: strings.Contains(text, "\t")}
		fresh := must[*Table](t)(e.ReadNewFrom("new.csv", strings.NewReader(text), n))
		set := must[*datasets.Set](t)(e.Set(fresh))
		if d := cmp.Diff(want, values(set)[0]); d != "" {
			t.Errorf("%q: features (-want +got):\n%s", text, d)
		}
		notices := strings.Join(e.Notices(fresh), "\n")
		if say == nil && notices != "" {
			t.Errorf("%q: notices %s", text, notices)
		}
		for _, s := range say {
			if !strings.Contains(notices, s) {
				t.Errorf("%q: notices %q do not say %q", text, notices, s)
			}
		}
		if strings.Contains(text, ",maybe") && (len(set.Skipped) != 1 || !strings.Contains(set.Skipped[0].Reason, `the target "y" is "maybe"`)) {
			t.Errorf("%q: skipped %+v", text, set.Skipped)
		}
	}
}
