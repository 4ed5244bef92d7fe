package csv

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/datasets"
)

// fitted reads a table, fits an encoder on all rows, and returns both with the features.
func fit(t *testing.T, text string, o Options) (*Table, *Encoder, *datasets.Set) {
	t.Helper()
	o.Auto = true
	if o.Target == "" {
		o.Target = "y"
	}
	table := read(t, text, o)
	e := must[*Encoder](t)(table.Fit(table.Rows()))
	return table, e, must[*datasets.Set](t)(e.Set(table))
}

// Spellings of one text are one category, in new rows too; short codes are not.
func TestSpellings(t *testing.T) {
	text := "ok,city,code,y\n"
	for i := range 24 {
		text += fmt.Sprintf("%s,%s,%s,%s\n", []string{"yes", "No", "TRUE", "false", "Y", "n"}[i%6], []string{"New York", "new  york", "Paris", "PARIS"}[i%4], []string{"a", "A"}[i%2], []string{"u", "v"}[i%2])
	}
	_, e, _ := fit(t, text, Options{})
	if names := e.FeatureNames(); len(names) != 6 || !slices.Contains(names, "code=A") {
		t.Errorf("features %v", names)
	}
	if said := strings.Join(e.Decisions(), "\n"); !strings.Contains(said, `Column "ok": 6 different texts are taken for 2`) || !strings.Contains(said, `Column "city": 4 different texts are taken for 2`) {
		t.Errorf("said %s", said)
	}
	table := must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("ok,city,code\nT,NEW YORK,A\nyes,New York,A\n")))
	if rows := values(must[*datasets.Set](t)(e.Set(table))); !cmp.Equal(rows[0], rows[1]) || len(e.Notices(table)) > 0 {
		t.Errorf("%v; said %v", rows, e.Notices(table))
	}
	if _, e, _ := fit(t, text, Options{Categorical: []string{"ok", "city"}}); len(e.FeatureNames()) != 12 {
		t.Errorf("forced categories %v", e.FeatureNames())
	}
}

// Texts of many words become features of the words that tell something about the target; names that all differ do not.
func TestWords(t *testing.T) {
	text := "title,name,y\n"
	for i := range 200 {
		y := []string{"pet", "food"}[i%2]
		word := map[string]string{"pet": []string{"dog", "cat"}[i/2%2], "food": "bread"}[y]
		text += fmt.Sprintf("the %s number %d,u%d,%s\n", word, i, i*7, y)
	}
	table, e, set := fit(t, text, Options{})
	if want := []string{"title: bread", "title: cat", "title: dog"}; !cmp.Equal(e.FeatureNames(), want) {
		t.Fatalf("features %v, want %v", e.FeatureNames(), want)
	}
	if row := values(set)[0]; !cmp.Equal(row, []float32{0, 0, 1}) {
		t.Errorf("features %v", row)
	}
	if columns := table.Columns(); columns[0].Kind != Text || columns[1].Kind != Ignored || e.Columns()[0].Kind != Text {
		t.Errorf("columns %v", columns)
	}
	set = must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("title\nA cat. And a DOG!\n\"\"\n")))))
	if rows := values(set); !cmp.Equal(rows[0], []float32{0, 1, 1}) {
		t.Errorf("new rows %v", rows)
	}
}

// A value that many rows have gets a feature; new rows far outside the range are counted and stay near it.
func TestRangeAndSpike(t *testing.T) {
	text := "rain,y\n"
	for i := range 40 {
		text += fmt.Sprintf("%d,%s\n", max(0, i-20), []string{"u", "v"}[i%2])
	}
	_, e, set := fit(t, text, Options{})
	if !cmp.Equal(e.FeatureNames(), []string{"rain", "rain = 0"}) {
		t.Fatalf("features %v", e.FeatureNames())
	}
	rows := values(set)
	if rows[0][1] != 1 || rows[39][1] != 0 {
		t.Errorf("features %v and %v", rows[0], rows[39])
	}
	table := must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("rain\n19\n20\n5000\n-3000\n")))
	far := values(must[*datasets.Set](t)(e.Set(table)))
	if far[0][0] != rows[39][0] || far[2][0] > 1.2*rows[39][0] || far[3][0] < 2*rows[0][0] {
		t.Errorf("far values %v, the range is %v to %v", far, rows[0], rows[39])
	}
	if said := e.Notices(table); len(said) != 1 || !strings.Contains(said[0], `2 of 4 rows are far outside the range of the rows to train on, such as "5000" on line 4`) {
		t.Errorf("said %v", said)
	}
}

// Labels that are logarithms go back to the values; only targets with a long tail have them.
func TestLogTargets(t *testing.T) {
	text := "a,y,z\n"
	for i := range 60 {
		text += fmt.Sprintf("%d,%d,%d\n", i%9, i*i*i*i, i)
	}
	table, e, _ := fit(t, text, Options{})
	if !table.Skewed(table.Rows()) || e.LogUnit(0) != 0 {
		t.Fatal("a long tail is not seen")
	}
	logs := must[*Encoder](t)(e.Log(table, table.Rows()))
	set := must[*datasets.Set](t)(logs.Set(table))
	for i, label := range set.Labels {
		if v, want := logs.Value(0, float64(label)), float64(i*i*i*i); !(v-want < 0.1+1e-4*want && want-v < 0.1+1e-4*want) {
			t.Errorf("label %v is %v, want %v", label, v, want)
		}
	}
	if table, _, _ := fit(t, text, Options{Target: "z"}); table.Skewed(table.Rows()) {
		t.Error("an even target is skewed")
	}
}

// Weights are those of the set, groups and times those of the rows; none is a feature but the time.
func TestRoles(t *testing.T) {
	text := "w,who,when,a,y\n"
	for i := range 20 {
		text += fmt.Sprintf("%d,p%d,2024-01-%02d,%d,%s\n", i%3, i/4, 20-i, i*i%7, []string{"u", "v"}[i%2])
	}
	o := Options{Weight: "w", Group: "who", Time: "when"}
	table, e, set := fit(t, text, o)
	if set.Weights[4] != 1 || set.Weights[3] != 0 || set.Validate() != nil {
		t.Errorf("weights %v (%v)", set.Weights, set.Validate())
	}
	if groups := table.Groups(); groups[0] != groups[3] || groups[3] == groups[4] {
		t.Errorf("groups %v", groups)
	}
	if times, err := table.Times(); err != nil || times[0] <= times[1] {
		t.Errorf("times %v (%v)", times, err)
	}
	for _, name := range e.FeatureNames() {
		if strings.HasPrefix(name, "w") && !strings.HasPrefix(name, "when") {
			t.Errorf("feature %s", name)
		}
	}
	if set := must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("a,when,y,w\n1,2024-01-02,u,5\n"))))); set.Weights[0] != 5 {
		t.Errorf("weights of new rows %v", set.Weights)
	}
	must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("a,when\n1,2024-01-02\n")))))
	o.Ignore, o.Target = []string{"when"}, "y"
	if table, e, _ := fit(t, text, o); slices.ContainsFunc(e.FeatureNames(), func(s string) bool { return strings.HasPrefix(s, "when") }) {
		t.Error("an ignored time is a feature")
	} else if times, err := table.Times(); err != nil || len(times) != 20 {
		t.Errorf("times %v (%v)", times, err)
	}
	negative := read(t, strings.Replace(text, "\n1,", "\n-1,", 1), Options{Target: "y", Weight: "w"})
	_, err := must[*Encoder](t)(negative.Fit(negative.Rows())).Set(negative)
	wantError(t, err, `my.csv:3: column "w": the weight is -1`)
	for _, o := range []Options{{Target: "y", Weight: "y"}, {Target: "y", Group: "w", Weight: "w"}, {Target: "y", Time: "no"}} {
		if _, err := ReadFrom("my.csv", strings.NewReader(text), o); err == nil {
			t.Errorf("no error for %v", o)
		}
	}
}

// Objects on lines, or in a list, are a table: columns may be absent, objects in objects have names with points.
func TestJSONTable(t *testing.T) {
	plain, lines := "a,b,in.c,d,y\n", ""
	for i := range 30 {
		y := []string{"u", "v"}[i%2]
		plain += fmt.Sprintf("%d,%v,%s,%s,%s\n", i*i%11, i%3 == 0, []string{"x", "z"}[i%2], map[bool]string{true: "5"}[i%5 == 0], y)
		d := ""
		if i%5 == 0 {
			d = `,"d":5`
		}
		lines += fmt.Sprintf(`{"a":%d,"b":%v,"in":{"c":"%s"},"y":"%s"%s}`, i*i%11, i%3 == 0, []string{"x", "z"}[i%2], y, d) + "\n"
	}
	_, _, want := fit(t, plain, Options{})
	list := "[" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",\n") + "]"
	for name, text := range map[string]string{"lines": lines, "list": list} {
		table, e, set := fit(t, text, Options{})
		if table.Len() != 30 || len(e.FeatureNames()) != set.Width() || set.Width() != want.Width() {
			t.Errorf("%s: %d rows, features %v, want %v", name, table.Len(), e.FeatureNames(), want.FeatureNames)
		}
		again := must[*Table](t)(e.ReadFrom("new.json", strings.NewReader(text)))
		sameSet(t, must[*datasets.Set](t)(e.Set(again)), set)
	}
	for _, c := range []struct{ text, say string }{
		{lines + "{\n", "my.csv:31: the JSON object does not end"}, {`{"a":1,"a":2}`, `my.csv:1: "a" comes twice`}, {"{}\n{}", "the objects are empty"}, {`[{"a":1}`, "my.csv: "},
	} {
		_, err := ReadFrom("my.csv", strings.NewReader(c.text), Options{Target: "y"})
		wantError(t, err, c.say)
	}
	_, e, _ := fit(t, lines, Options{})
	_, err := e.ReadFrom("new.json", strings.NewReader(`{"b":true}`))
	wantError(t, err, `no column "a"`)
}

// Permuted keeps the rows and their values, but for one column, which has the same values in another order.
func TestPermuted(t *testing.T) {
	text := "a,b,y\n"
	for i := range 30 {
		text += fmt.Sprintf("%d,%d,%s\n", i, i*i, []string{"u", "v"}[i%2])
	}
	table, e, set := fit(t, text, Options{Numeric: []string{"a"}})
	rows := []int{3, 5, 9, 20, 21, 29}
	same := must[*datasets.Set](t)(e.Set(must[*Table](t)(table.Permuted(rows, "", 1))))
	other := must[*Table](t)(table.Permuted(rows, "b", 1))
	shuffled, all := values(must[*datasets.Set](t)(e.Set(other))), values(set)
	var before, after []float32
	for i, r := range rows {
		if !cmp.Equal(values(same)[i], all[r]) || shuffled[i][0] != all[r][0] || other.Line(i) != table.Line(r) {
			t.Errorf("row %d: %v, want %v; %v", r, values(same)[i], all[r], shuffled[i])
		}
		before, after = append(before, all[r][1]), append(after, shuffled[i][1])
	}
	if cmp.Equal(before, after) {
		t.Error("nothing is shuffled")
	}
	slices.Sort(before)
	slices.Sort(after)
	if !cmp.Equal(before, after) {
		t.Errorf("other values: %v, want %v", after, before)
	}
}
