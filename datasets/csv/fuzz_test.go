package csv

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever a table holds, reading it ends in a set or an error that names it, and an encoder that is written and read
// back does the same with it.
func FuzzRead(f *testing.F) {
	fuzztest.Brief(f)
	f.Add(mixed, "y")
	f.Add("a;b\n1,5;2\n3;4\n", "-1")
	f.Add("1,x\n2,y\n3,x\n4,y\n", "2")
	f.Add("\"a\",\"b\nc\"\n\"1\",\"\"\"\"\n", "a")
	f.Add("a\tb\n\t\n1e308\t-1e308\n", "a")
	f.Add("a,b\n0,-0\n1,1.0\n0,inf\n", "b")
	f.Add("sep=;\nd;a;y\n2024-01-02;1,5;u\n2024-02-03;-;v\n2023-03-03;2;u\n", "y")
	f.Add("# comment\nid,a,y\n007,5\" pipe,None\n008,\"x\" y,a\n009,z,b,\n", "y")
	f.Add("a,y\n9007199254740993001,1\n9007199254740993002,2\n,\n", "y")
	f.Add("a,b,y\n\"$1,234.5\",5%,u\n\"(1,000)\",7 %,v\n\"$2,000\",1%,u\n", "y")
	f.Add("a;ok;y\n1.234,5;Yes;0\n2.345.678;no;1\n1,5;TRUE;2\n", "y")
	f.Add("a b c,y\nred dog one,1\nred cat two,2\nred dog three,1\nblue dog,2\nred dog,1\n", "y")
	f.Add("{\"a\":1,\"b\":{\"c\":[1,2]},\"y\":\"u\"}\n{\"a\":null,\"y\":\"v\",\"d\":true}\n", "y")
	f.Add("[{\"a\":1.5,\"y\":0},\n{\"a\":2,\"y\":1},{}]", "y")
	f.Add(";0;;", "4")
	f.Fuzz(func(t *testing.T, text, target string) {
		for _, auto := range []bool{false, true} {
			fuzzRead(t, text, Options{Target: target, Auto: auto})
		}
		for _, column := range []string{"1", "2"} {
			fuzzRead(t, text, Options{Target: target, Auto: true, Weight: column, Group: "-2", Time: "a"})
		}
	})
}

func fuzzRead(t *testing.T, text string, o Options) {
	table, err := ReadFrom("my.csv", strings.NewReader(text), o)
	if err != nil {
		if !strings.Contains(err.Error(), "my.csv") || len(err.Error()) > 300 {
			t.Errorf("error %q does not name the table, or is long", err)
		}
		return
	}
	for _, d := range table.Decisions() {
		if len(d) > 500 {
			t.Errorf("a long decision: %s", d)
		}
	}
	e, err := table.Fit(table.Rows())
	if err != nil {
		return
	}
	set, err := e.Set(table)
	if err != nil {
		// A row without a target, on which nothing is fitted, may hold a number that is out of the range of the others.
		if !strings.Contains(err.Error(), "is too large for a column") || !strings.Contains(err.Error(), "my.csv:") {
			t.Fatalf("the table it was fitted on: %v", err)
		}
		return
	}
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	for r, row := range values(set) {
		for c, v := range row {
			if v-v != 0 {
				t.Fatalf("row %d, %s is %v", r, set.FeatureNames[c], v)
			}
		}
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back Encoder
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	again, err := back.ReadFrom("my.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again.Len() > table.Len() {
		return // empty rows, which are left out of training alone
	}
	other, err := back.Set(again)
	if err != nil {
		t.Fatal(err)
	}
	sameSet(t, other, set)
	back.Notices(again)
}
