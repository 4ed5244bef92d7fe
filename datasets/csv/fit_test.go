package csv

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

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

// The fit depends only on the fitting rows, and not on their order.
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
		{"row 6", mixed, Options{Target: "y"}, []int{0, 6}, "row 6 is outside 0..5"},
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

// ClassOf returns the classes of rows, and nil where a split has no classes to balance.
func TestClassOf(t *testing.T) {
	const text = "a,b,y,z\n1,u,no,0\n2,v,yes,1\n3,u,,0\n4,v,no,1\n"
	class := must[func(int) int](t)(read(t, text, Options{Target: "y", Ignore: []string{"z"}}).ClassOf())
	for row, want := range []int{0, 1, -1, 0} {
		if got := class(row); got != want {
			t.Errorf("row %d has class %d, want %d", row, got, want)
		}
	}
	if class(-1) != -1 || class(4) != -1 {
		t.Error("rows beyond the table have a class")
	}
	for _, o := range []Options{{Target: "a", Problem: Regression}, {Targets: []string{"z", "a"}, Problem: Regression}, {}} {
		if class, err := read(t, text, o).ClassOf(); class != nil || err != nil {
			t.Errorf("%+v: there is a class (%v)", o, err)
		}
	}
}
