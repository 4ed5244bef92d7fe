package formats

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever a file does to fill the memory, reading it ends in a short error that names the file and the limit, and takes little memory.
func TestHostile(t *testing.T) {
	matrix := func(name string, r io.Reader) error { _, err := ReadMatrixMarket(name, r); return err }
	records := func(name string, r io.Reader) error {
		c, err := NewCSV(name, r)
		for err == nil {
			_, err = c.Next()
		}
		return err
	}
	const banner = "%%MatrixMarket matrix coordinate real general\n"
	for _, c := range []struct {
		name string
		read func(name string, r io.Reader) error
		r    io.Reader
		say  string
	}{
		{"rows of a matrix", matrix, strings.NewReader(banner + "16777216 16777216 0\n"), "limit"},
		{"columns of a matrix", matrix, strings.NewReader(banner + "1 16777217 0\n"), "not a possible size"},
		{"entries of a matrix", matrix, strings.NewReader(banner + "1000000 1000000 999999999\n"), "limit"},
		{"entries that are not there", matrix, strings.NewReader(banner + "1000 1000 999999\n"), "cut short"},
		{"a line of a matrix", matrix, io.MultiReader(strings.NewReader(banner), &fuzztest.Endless{Text: "1"}), ":2: the line is longer than the limit of 1048576 bytes"},
		{"a long banner", matrix, strings.NewReader(strings.Repeat("x", 1<<19) + "\n"), "is not a banner"},
		{"a long entry", matrix, strings.NewReader(banner + "1 1 1\n1 " + strings.Repeat("9", 1<<19) + " 3\n"), ":3: column"},
		{"a line", records, &fuzztest.Endless{Text: "x"}, ":1: the line is longer than the limit"},
		{"fields", records, strings.NewReader(strings.Repeat("x,", 1<<20)), "100000 fields"},
		{"empty lines", records, io.MultiReader(strings.NewReader("a,b\n"), &fuzztest.Endless{Text: "\n"}), ":1048578: more than 1048576 empty lines in a row"},
		{"an open quote", records, io.MultiReader(strings.NewReader("a,b\n\""), &fuzztest.Endless{Text: "x\n"}), ":2:1: the field is longer than the limit"},
		{"a long name twice", records, strings.NewReader(strings.Repeat(strings.Repeat("x", 1<<18)+",", 2) + "\n"), "comes twice"},
		{"many names twice", records, strings.NewReader(distinct(90000) + "x0\n"), `"x0" comes twice`},
	} {
		path := filepath.Join(t.TempDir(), "my.txt")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := c.read(path, c.r)
		runtime.ReadMemStats(&after)
		wantError(t, err, path, c.say)
		if err != nil && len(err.Error())-len(path) > 300 {
			t.Errorf("%s: an error of %d bytes", c.name, len(err.Error()))
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
			t.Errorf("%s: %d MiB allocated", c.name, n>>20)
		}
	}
}

// distinct returns names that differ, each followed by a comma.
func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d,", i)
	}
	return b.String()
}

// An empty matrix with many columns takes no memory for them.
func TestWideMatrix(t *testing.T) {
	m, err := ReadMatrixMarket("m", strings.NewReader("%%MatrixMarket matrix coordinate real general\n2 16777216 1\n2 16777216 5\n"))
	if err != nil || m.Start[1] != 0 || m.Start[2] != 1 || m.Index[0] != 1<<24-1 || m.Value[0] != 5 {
		t.Errorf("%+v, %v", m, err)
	}
}

// Records are those of encoding/csv for well-formed text; quotes elsewhere are read as pandas does.
func TestRecordsQuotes(t *testing.T) {
	for text, want := range map[string]string{
		"5\" pipe,x\n":         `5" pipe|x`,
		"\"a\"b,c\n":           `ab|c`,
		"\"a\"\"b\" \"c\",d\n": `a"b "c"|d`,
		"a,\"b\nc\"\n":         "a|b\nc",
		"\"\",\"\"\"\"\n":      `|"`,
		"a\"\"b,\"c,d\"\r\n":   `a""b|c,d`,
	} {
		rec, err := NewRecords("r", reader(text), ',', 0).Next()
		if got := strings.Join(rec, "|"); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}

// Comma of several bytes, and the place of fields behind skipped lines.
func TestRecordsPlaces(t *testing.T) {
	r := NewRecords("r", reader("a¦b\n\n\"x\ny\"¦  z\n"), '¦', 7)
	r.Trim = true
	for _, want := range []struct {
		fields       string
		line, column int
	}{{"a|b", 8, 4}, {"x\ny|z", 11, 7}} {
		rec, err := r.Next()
		line, column := r.Place(1)
		if got := strings.Join(rec, "|"); err != nil || got != want.fields || line != want.line || column != want.column {
			t.Errorf("%q at %d:%d, %v, want %+v", got, line, column, err, want)
		}
	}
	if _, err := r.Next(); err != io.EOF || r.Lines() != 11 {
		t.Errorf("at the end: %v, %d lines", err, r.Lines())
	}
}
