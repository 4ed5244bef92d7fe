package csv

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// mixed has numbers and texts, both with gaps; rows 0 to 3 are fitted on.
const mixed = `size,color,y
1,red,a
3,blue,b
,red,a
8,,b
5,green,a
,blue,b
`

func TestEncode(t *testing.T) {
	table := read(t, mixed, Options{Target: "y"})
	e := must[*Encoder](t)(table.Fit([]int{0, 1, 2, 3}))
	names := []string{"size", "size (missing)", "color=blue", "color=red", "color (missing)"}
	if d := cmp.Diff(names, e.FeatureNames()); d != "" {
		t.Fatalf("features (-want +got):\n%s", d)
	}
	set := must[*datasets.Set](t)(e.Set(table))
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	// Sizes 1, 3, 3 (the median for the gap), 8: mean 3.75, standard deviation sqrt(26.75/4).
	sd := math.Sqrt(26.75 / 4)
	x := func(v float64) float32 { return float32((v - 3.75) / sd) }
	want := [][]float32{
		{x(1), 0, 0, 1, 0},
		{x(3), 0, 1, 0, 0},
		{x(3), 1, 0, 1, 0},
		{x(8), 0, 0, 1, 1}, // red is the most frequent
		{x(5), 0, 0, 0, 0}, // green is not known
		{x(3), 1, 1, 0, 0},
	}
	if d := cmp.Diff(want, values(set)); d != "" {
		t.Errorf("features (-want +got):\n%s", d)
	}
	for _, say := range []string{"my.csv", "6 rows", "1 numeric and 1 categorical", "y has 2 classes"} {
		if !strings.Contains(set.Notes, say) {
			t.Errorf("notes %q do not say %q", set.Notes, say)
		}
	}
}

func TestLoad(t *testing.T) {
	path := write(t, "my.csv", random(500, 3, true))
	load := func(seed uint64) *datasets.Set {
		set, _, err := Load(path, Options{Target: "y", ID: "id", Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	set := load(1)
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	train, test := set.Rows(datasets.Train), set.Rows(datasets.Test)
	if len(train) != 400 || len(test) != 100 || set.IDs[7] != "r7" {
		t.Errorf("%d rows for training and %d for the test, row 7 is %q", len(train), len(test), set.IDs[7])
	}
	count := func(rows []int) (n [3]int) {
		for _, r := range rows {
			n[set.Class(r)]++
		}
		return n
	}
	a, b := count(train), count(test)
	for k := range a {
		if d := b[k]*4 - a[k]; d < -4 || d > 4 {
			t.Errorf("class %d has %d rows for training and %d for the test", k, a[k], b[k])
		}
	}
	if !cmp.Equal(set.Part, load(1).Part) || cmp.Equal(set.Part, load(2).Part) {
		t.Error("the parts do not follow the seed")
	}
	whole, _, err := Load(path, Options{Target: "y", ID: "id", TestShare: -1})
	if err != nil || len(whole.Rows(datasets.Train)) != 500 {
		t.Errorf("without a test part: %v", err)
	}
}

// An encoder that was saved gives the same bits, on its own table and on new ones with columns in another order, others
// beside them, and no target.
func TestEncoderRoundTrip(t *testing.T) {
	for _, classes := range []bool{true, false} {
		text := random(100, 4, classes)
		table := read(t, text, Options{Target: "y", ID: "id"})
		e := must[*Encoder](t)(table.Fit(all(80)))
		want := must[*datasets.Set](t)(e.Set(table))
		path := filepath.Join(t.TempDir(), "encoder.json")
		if err := e.Save(path); err != nil {
			t.Fatal(err)
		}
		back := must[*Encoder](t)(LoadEncoder(path))
		sameSet(t, must[*datasets.Set](t)(back.Set(table)), want)
		again := must[*datasets.Set](t)(back.Load(write(t, "new.csv", text)))
		sameSet(t, again, want)
		if !cmp.Equal(again.IDs, want.IDs) || !cmp.Equal(again.FeatureNames, want.FeatureNames) || !cmp.Equal(again.Classes, want.Classes) {
			t.Error("names differ")
		}

		moved := must[*datasets.Set](t)(back.Load(write(t, "new.csv", reorder(text))))
		for i := range want.Labels {
			want.Labels[i] = float32(math.NaN())
		}
		sameSet(t, moved, want)
		if moved.Part != nil || len(moved.Skipped) > 0 {
			t.Errorf("rows to be predicted are set aside: %v", moved.Skipped)
		}
	}
}

// reorder drops the target, reverses the other columns and adds one.
func reorder(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.ReplaceAll(line, `"x, y"`, `"x; y"`)
		f := strings.Split(line, ",")
		fmt.Fprintf(&b, "new%d,%s,%s,%s,%s,%s\n", i, f[4], f[3], f[2], f[1], f[0])
	}
	return strings.ReplaceAll(b.String(), `"x; y"`, `"x, y"`)
}

// New rows may have the target, too, of which they need not have every class.
func TestEncoderReadsTarget(t *testing.T) {
	e := must[*Encoder](t)(read(t, mixed, Options{Target: "y"}).Fit(all(6)))
	set := must[*datasets.Set](t)(e.Load(write(t, "new.csv", "y,size,color\nb,1,red\n,2,red\n")))
	if set.Class(0) != 1 || set.Class(1) != -1 || !cmp.Equal(set.Rows(datasets.Excluded), []int{1}) {
		t.Errorf("labels %v, parts %v", set.Labels, set.Part)
	}
}

// A new table is read as the encoder needs it, whatever its few rows look like.
func TestEncoderReadsFewRows(t *testing.T) {
	table := read(t, "zip,x,y\n01,1,a\n2b,2,b\n01,3,a\n2b,4,b\n", Options{Target: "y"})
	e := must[*Encoder](t)(table.Fit(all(4)))
	few := must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("x,zip\n1,01\n")))
	if got := values(must[*datasets.Set](t)(e.Set(few)))[0][1]; got != 1 {
		t.Errorf("zip=01 is %v", got)
	}
	_, err := e.Set(read(t, "x,zip\n1,1\n", Options{}))
	wantError(t, err, `column "zip" is numeric`, "Encoder.Read")
}

func TestEncodeErrors(t *testing.T) {
	e := must[*Encoder](t)(read(t, mixed, Options{Target: "y"}).Fit(all(6)))
	for _, c := range []struct{ name, text, say string }{
		{"missing columns", "a,y\n1,a\n", `new.csv: no column "size", "color"; there are "a", "y"`},
		{"not a number", "color,size\nred,1\nred,big\n", `new.csv:3:5: column "size": "big" is not a number`},
		{"unknown class", "color,size,y\nred,1,\nred,1,c\n", `new.csv:3: column "y": "c" is not one of the 2 classes`},
		{"too large", "color,size\nred,1e300\n", `new.csv:2: column "size"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := e.Load(write(t, "new.csv", c.text))
			wantError(t, err, "csv: ", c.say)
		})
	}
	_, err := e.Set(read(t, "size,y\n1,a\n", Options{}))
	wantError(t, err, `my.csv: no column "color"`)
	_, err = new(Encoder).Set(read(t, mixed, Options{}))
	wantError(t, err, "not fitted")
}

func TestEncoderJSONErrors(t *testing.T) {
	e := must[*Encoder](t)(read(t, mixed, Options{Target: "y"}).Fit(all(6)))
	good := string(must[[]byte](t)(json.Marshal(e)))
	for _, c := range []struct{ name, old, new string }{
		{"version", `"version":1`, `"version":2`},
		{"separator", `"comma":","`, `"comma":""`},
		{"deviation", `"sd":`, `"sd":-1,"x":`},
		{"problem", `"problem":"classes"`, `"problem":"regression"`},
		{"unknown problem", `"problem":"classes"`, `"problem":""`},
		{"name twice", `"name":"color"`, `"name":"size"`},
		{"target is a feature", `"name":"y"`, `"name":"size"`},
		{"order", `"blue","green"`, `"green","blue"`},
		{"fill", `"fill":0`, `"fill":3`},
		{"cut short", `}`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.Replace(good, c.old, c.new, 1)
			if bad == good {
				t.Fatalf("%s has no %s", good, c.old)
			}
			var got Encoder
			if err := json.Unmarshal([]byte(bad), &got); err == nil {
				t.Errorf("no error for %s", bad)
			}
			path := write(t, "encoder.json", bad)
			_, err := LoadEncoder(path)
			wantError(t, err, path)
		})
	}
	if _, err := LoadEncoder(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// Tables may be wide, and columns may be named by their place.
func TestWide(t *testing.T) {
	const cols = 20_000
	var b strings.Builder
	for r := range 4 {
		for c := range cols {
			fmt.Fprintf(&b, "%d,", r*c%7)
		}
		fmt.Fprintf(&b, "%c\n", 'a'+r%2)
	}
	table := read(t, b.String(), Options{Target: "-1", Ignore: []string{"1"}})
	set := must[*datasets.Set](t)(must[*Encoder](t)(table.Fit(all(4))).Set(table))
	if set.Width() != cols-1 || set.Tasks[0] != fmt.Sprint(cols+1) {
		t.Errorf("%d features, target %v", set.Width(), set.Tasks)
	}
}

// To predict, a table needs no targets, and what stands there does not matter; the names of its rows may be in any other column.
func TestReadNew(t *testing.T) {
	table := read(t, "a,b,y,k\n1,u,no,1\n2,v,yes,2\n3,u,no,3\n", Options{Target: "y", Ignore: []string{"k"}})
	e := must[*Encoder](t)(table.Fit(all(3)))
	path := write(t, "new.csv", "name,y,b,a\nr1,maybe,v,2\nr2,,w,\n")
	set := must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadNew(path, NewRows{Predict: true, ID: "name"}))))
	if d := cmp.Diff([]string{"r1", "r2"}, set.IDs); d != "" || set.Part != nil || set.Labels[0] == set.Labels[0] {
		t.Errorf("parts %v, labels %v, names (-want +got):\n%s", set.Part, set.Labels, d)
	}
	if d := cmp.Diff([][]float32{{0, 0, 1}, {0, 0, 0}}, values(set)); d != "" {
		t.Errorf("features (-want +got):\n%s", d)
	}
	if set := must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadNew(path, NewRows{Predict: true})))); set.IDs != nil {
		t.Errorf("names %v that nobody asked for", set.IDs)
	}
	for id, say := range map[string]string{"a": "feature", "y": "target", "none": "none"} {
		_, err := e.ReadNew(path, NewRows{Predict: true, ID: id})
		wantError(t, err, id, say)
	}
	if _, err := e.Load(path); err == nil {
		t.Error("no class is known, which is no error where labels are wanted")
	}
}

// The scale of each feature undoes the encoding.
func TestScale(t *testing.T) {
	table := read(t, "a,b,y\n1,u,0\n,v,1\n3,,1\n", Options{Target: "y", Problem: Classes})
	e := must[*Encoder](t)(table.Fit(all(3)))
	s := e.Scaling()
	set := must[*datasets.Set](t)(e.Set(table))
	want := [][]float64{{1, 0, 1, 0, 0}, {2, 1, 0, 1, 0}, {3, 0, 1, 0, 1}}
	for r, row := range values(set) {
		for c, x := range row {
			if got := float64(x)*s.SD[c] + s.Mean[c]; math.Abs(got-want[r][c]) > 1e-6 {
				t.Errorf("row %d, feature %s: %v, want %v", r, e.FeatureNames()[c], got, want[r][c])
			}
		}
	}
}

// Each feature has the column that it is made of.
func TestFeatureColumns(t *testing.T) {
	table, err := ReadFrom("t.csv", strings.NewReader("n,c,d,y\n1,a,2020-01-02,x\n,b,2020-05-03,y\n3,a,2021-02-01,x\n4,,2022-07-01,y\n"), Options{Target: "y", Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := table.Fit(table.Rows())
	if err != nil {
		t.Fatal(err)
	}
	columns, of := e.Columns(), e.FeatureColumns()
	if len(of) != len(e.FeatureNames()) {
		t.Fatalf("%d columns of %d features", len(of), len(e.FeatureNames()))
	}
	for i, name := range e.FeatureNames() {
		if !strings.HasPrefix(name, columns[of[i]].Name) {
			t.Errorf("feature %s is of column %s", name, columns[of[i]].Name)
		}
	}
	if all := (*Encoder)(nil).FeatureColumns(); all != nil {
		t.Error(all)
	}
}
