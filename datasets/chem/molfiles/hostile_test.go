package molfiles

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever a file without an end holds, reading it ends in a short error that names file and limit, or goes on in little memory.
func TestHostile(t *testing.T) {
	then := func(begin, text string) io.Reader {
		return io.MultiReader(strings.NewReader(begin), &fuzztest.Endless{Text: text})
	}
	for _, c := range []struct {
		name, file string
		r          io.Reader
		say        string // empty if it goes on
	}{
		{"a line", "a.smi", &fuzztest.Endless{Text: "C"}, "a.smi:1: the line is longer than the limit"},
		{"a name", "a.smi", then("C ", "x"), "a.smi:1: the line is longer than the limit"},
		{"a line of a table", "a.csv", then("smiles\n", "C"), "a.csv:2: the line is longer than the limit"},
		{"a header", "a.csv", &fuzztest.Endless{Text: "smiles,"}, "limit"},
		{"fields", "a.csv", then("smiles\n", "C,C,C,C\""), "limit"},
		{"a quote", "a.csv", then("smiles,name\n\"", "C\n"), "a.csv:2:1: the field is longer than the limit"},
		{"lines", "a.smi", &fuzztest.Endless{Text: "C x\n"}, ""},
		{"bad lines", "a.smi", &fuzztest.Endless{Text: "(\n"}, ""},
		{"rows", "a.csv", then("smiles,name\n", "C,x\n"), ""},
		{"blank lines", "a.sdf", &fuzztest.Endless{Text: "\n"}, "a.sdf:262145: the record has more than 262144 lines, the limit"},
		{"records", "a.sdf", &fuzztest.Endless{Text: drawing("x")}, ""},
	} {
		path := t.TempDir() + "/" + c.file
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := New(path, c.r)
		for n := 0; err == nil && n < 20000; n++ {
			_, err = r.Next()
		}
		runtime.ReadMemStats(&after)
		if c.say == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		wantError(t, err, c.say)
		if err != nil && len(err.Error())-len(path) > 300 {
			t.Errorf("%s: an error of %d bytes", c.name, len(err.Error()))
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
			t.Errorf("%s: %d MiB allocated", c.name, n>>20)
		}
	}
}

// A file without an end that holds no molecule ends in an error; one with a molecule now and then goes on.
func TestNoMolecules(t *testing.T) {
	for name, text := range map[string]string{"a.sdf": "$$$$\n", "a.smi": "(\n", "a.csv": "smiles\n"} {
		r, err := New(name, &fuzztest.Endless{Text: text})
		bad := 0
		for ; err == nil && bad <= 2*MaxBad; bad++ {
			_, err = r.Next()
		}
		wantError(t, err, name+":")
		if wantError(t, err, "records in a row without a molecule"); bad > MaxBad+2 {
			t.Errorf("%s: %d records", name, bad)
		}
	}
	for _, name := range []string{"a.smi", "a.csv"} {
		begin := map[string]string{"a.smi": "C\n", "a.csv": "smiles\nC\n"}[name]
		for _, begin := range []string{"", begin} {
			r, err := New(name, io.MultiReader(strings.NewReader(begin), &fuzztest.Endless{Text: "\n"}))
			for err == nil {
				_, err = r.Next()
			}
			wantError(t, err, "empty lines")
		}
	}
	r, err := New("a.smi", &fuzztest.Endless{Text: strings.Repeat("(\n", 9999) + "C\n"})
	for n := 0; err == nil && n < 2*MaxBad; n++ {
		_, err = r.Next()
	}
	if err != nil {
		t.Error(err)
	}
}

// Blank lines and comments give no record, however many there are.
func TestBlank(t *testing.T) {
	text := strings.Repeat("\n# x\n", 100000) + "C last\n"
	got, _ := rows(t, "a.smi", text)
	if len(got) != 1 || got[0] != "last|C" {
		t.Errorf("%d records", len(got))
	}
}

// A text that is too long for a name is not repeated.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("x", 1<<19)
	r, err := New("a.sdf", strings.NewReader(drawing(long)+drawing("", "name="+long)))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		rec, err := r.Next()
		if err == io.EOF && n == 2 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(rec.Name) > 100 {
			t.Errorf("record %d: a name of %d bytes", n+1, len(rec.Name))
		}
	}
}
