package csv

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
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

// random makes a table of n rows with numeric and categorical features, gaps, and a class or number to predict.
func random(n int, seed uint64, classes bool) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("id,a,b,c,d,y\n")
	for i := range n {
		cell := func(format string, v any) string {
			if rng.IntN(10) == 0 {
				return "NA"
			}
			return fmt.Sprintf(format, v)
		}
		fmt.Fprintf(&b, "r%d,%s,%s,%s,%s,", i, cell("%v", rng.NormFloat64()*1e3), cell("%d", 1700000000+rng.IntN(1e6)),
			cell("c%d", rng.IntN(5)), cell("%q", []string{"x, y", "z"}[rng.IntN(2)]))
		if classes {
			fmt.Fprintf(&b, "k%d\n", rng.IntN(3))
		} else {
			fmt.Fprintf(&b, "%v\n", rng.ExpFloat64()*1e5)
		}
	}
	return b.String()
}

// The fitted columns have mean 0 and variance 1 over the fitting rows, even if their values are far from 0.
func TestStandardized(t *testing.T) {
	table := read(t, random(400, 1, true), Options{Target: "y", ID: "id"})
	rows := all(300)
	set := must[*datasets.Set](t)(must[*Encoder](t)(table.Fit(rows)).Set(table))
	x := values(set)
	for c, name := range set.FeatureNames {
		if name != "a" && name != "b" {
			continue
		}
		mean, square := 0.0, 0.0
		for _, r := range rows {
			mean += float64(x[r][c]) / 300
			square += float64(x[r][c]) * float64(x[r][c]) / 300
		}
		if math.Abs(mean) > 1e-6 || math.Abs(square-1) > 1e-6 {
			t.Errorf("%s has mean %v and mean square %v", name, mean, square)
		}
	}
}

// What is fitted depends on the fitting rows alone, and on their order not at all.
func TestFitSeesOnlyItsRows(t *testing.T) {
	text := random(200, 2, true)
	lines := strings.SplitAfter(text, "\n")
	other := strings.Join(lines[:151], "") + "q,77777,-1,unheard of,w,k0\n,,,,,k1\n"
	fit := func(text string, rows []int) string {
		e := must[*Encoder](t)(read(t, text, Options{Target: "y", ID: "id"}).Fit(rows))
		return string(must[[]byte](t)(json.Marshal(e)))
	}
	rows := all(150)
	want := fit(text, rows)
	if got := fit(other, rows); got != want {
		t.Errorf("other rows that were not fitted on give\n%s, want\n%s", got, want)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	if got := fit(text, rows); got != want {
		t.Errorf("another order of the rows gives\n%s, want\n%s", got, want)
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

// A new table is read as the encoder needs it, whatever its few rows look like.
func TestEncoderReadsFewRows(t *testing.T) {
	table := read(t, "zip,x,y\n01,1,a\n2b,2,b\n01,3,a\n2b,4,b\n", Options{Target: "y"})
	e := must[*Encoder](t)(table.Fit(all(4)))
	few := must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader("x,zip\n1,01\n")))
	if got := values(must[*datasets.Set](t)(e.Set(few)))[0][1]; got != 1 {
		t.Errorf("zip=01 is %v", got)
	}
	_, err := e.Set(read(t, "x,zip\n1,01\n", Options{}))
	wantError(t, err, `column "zip" is numeric`, "Encoder.Read")
}

func TestFitErrors(t *testing.T) {
	var ids strings.Builder
	ids.WriteString("name,x,y\n1,1,a\n")
	for i := range maxCategories {
		fmt.Fprintf(&ids, "n%d,1,%c\n", i, 'a'+i%2)
	}
	for _, c := range []struct {
		name, text string
		o          Options
		rows       []int
		say        string
	}{
		{"no target", mixed, Options{}, []int{0}, `no target; name one of the columns "size", "color", "y"`},
		{"no rows", mixed, Options{Target: "y"}, nil, "no rows"},
		{"row 6", mixed, Options{Target: "y"}, []int{0, 6}, "row number 6 is outside 0..5"},
		{"no features", "x,y\n1,a\n2,b\n", Options{Target: "y", Ignore: []string{"x"}}, []int{0, 1}, "no column is left"},
		{"names", ids.String(), Options{Target: "y"}, all(maxCategories + 1), `column "name" has 101 different texts; the first is "n0" on line 3`},
		{"constant regression", "x,y\n1,0.5\n2,0.5\n3,1\n", Options{Target: "y"}, []int{0, 1}, `target "y"`},
		{"huge", "x,y\n1e308,a\n-1e308,b\n1e308,a\n1e308,b\n", Options{Target: "y"}, all(4), `column "x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.text, c.o).Fit(c.rows)
			wantError(t, err, "csv: fit: my.csv", c.say)
		})
	}
	named := read(t, ids.String(), Options{Target: "y", Categorical: []string{"name"}})
	if _, err := named.Fit(all(maxCategories + 1)); err != nil {
		t.Errorf("named as categorical: %v", err)
	}
	_, _, err := LoadFrom("my.csv", strings.NewReader(mixed), Options{})
	wantError(t, err, "no target")
}

func TestEncodeErrors(t *testing.T) {
	e := must[*Encoder](t)(read(t, mixed, Options{Target: "y"}).Fit(all(6)))
	for _, c := range []struct{ name, text, say string }{
		{"missing columns", "a,y\n1,a\n", `new.csv: no column "size", "color"; there are "a", "y"`},
		{"not a number", "color,size\nred,1\nred,big\n", `new.csv:3:5: column "size": "big" is not a number`},
		{"unknown class", "color,size,y\nred,1,a\nred,1,c\n", `new.csv:3: column "y": "c" is not a known class`},
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
	if set.Inputs() != cols-1 || set.Tasks[0] != fmt.Sprint(cols+1) {
		t.Errorf("%d features, target %v", set.Inputs(), set.Tasks)
	}
}
