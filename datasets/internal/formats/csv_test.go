package formats

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	c, err := NewCSV("some.csv", strings.NewReader("\uFEFF\"id\",x\na,1\n\n\"b\n,\",2\nc,3\n"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := c.Columns("x", "id")
	if err != nil || !slices.Equal(at, []int{1, 0}) {
		t.Errorf("columns %v, %v", at, err)
	}
	_, err = c.Columns("x", "y")
	wantError(t, err, "some.csv", `"y"`)
	for _, want := range []struct {
		line int
		rec  []string
	}{{2, []string{"a", "1"}}, {4, []string{"b\n,", "2"}}, {6, []string{"c", "3"}}} {
		rec, err := c.Next()
		if err != nil || !slices.Equal(rec, want.rec) || c.Line() != want.line {
			t.Errorf("line %d: %q, %v, want %v", c.Line(), rec, err, want)
		}
	}
	if _, err := c.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	wantError(t, c.Errorf("label %d", 7), "some.csv:6: label 7")
}

func TestCSVErrors(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"empty", "", "no header"},
		{"twice", "a,b,a\n", `some.csv:1: column "a" comes twice`},
		{"too few", "a,b\n1,2\n3\n", "some.csv:3: 1 fields, want 2"},
		{"too many", "a,b\n1,2,3\n", "some.csv:2: 3 fields, want 2"},
		{"quote", "a,b\n1,2\n\"3,4\n", "some.csv:3"},
		{"bare quote", "a,b\n1,\"2\" 3\n", "some.csv:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewCSV("some.csv", strings.NewReader(c.text))
			for err == nil {
				_, err = r.Next()
			}
			wantError(t, err, c.say)
		})
	}
	path := file(t, zipped(t, "a,b\n1,2\n")[:20])
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := NewCSV(path, f)
	for err == nil {
		_, err = r.Next()
	}
	wantError(t, err, path, "cut short")
}

func FuzzCSV(f *testing.F) {
	f.Add("id,x\na,1\n")
	f.Add("\"a\nb\",\"c\"\"\"\n1,2")
	f.Add("a,a\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewCSV("some.csv", strings.NewReader(text))
		line := 0
		for err == nil {
			var rec []string
			if rec, err = r.Next(); err != nil {
				break
			}
			if len(rec) != len(r.Header()) || r.Line() <= line {
				t.Fatalf("record %q on line %d after line %d, %d columns", rec, r.Line(), line, len(r.Header()))
			}
			line = r.Line()
		}
		if err != io.EOF && !strings.Contains(err.Error(), "some.csv:") {
			t.Fatalf("error %q does not name the file", err)
		}
	})
}
