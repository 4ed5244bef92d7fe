package csv

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// zip compresses the first bytes of a text.
func zip(t *testing.T, r io.Reader, size int64) io.Reader {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err == nil {
		_, err = io.CopyN(w, r, size)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &b
}

// Whatever a table does to fill the memory, reading it ends in a short error that names the file, the line and the limit, and takes little
// more memory than the rows before.
func TestHostile(t *testing.T) {
	then := func(start, text string) io.Reader {
		return io.MultiReader(strings.NewReader(start), &fuzztest.Endless{Text: text})
	}
	name := strings.Repeat("name", 10000)
	for _, c := range []struct {
		name string
		r    io.Reader
		o    Options
		say  []string
	}{
		{"one endless line", &fuzztest.Endless{Text: "a"}, Options{}, []string{":1: ", "limit of 16777216 bytes"}},
		{"one line in a small gzip file", zip(t, &fuzztest.Endless{Text: "a"}, 100<<20), Options{}, []string{":1: ", "limit of 16777216 bytes"}},
		{"an endless line after rows", then("a,b\n1,2\n3,", "4"), Options{}, []string{":3: ", "limit of 16777216 bytes"}},
		{"a long field", then("a,b\n1,2\n", "3,"+strings.Repeat("4", 2<<20)+"\n"), Options{}, []string{":3:3: ", "limit of 1048576 bytes"}},
		{"a quote that does not end", then("a,b\n1,2\n3,\"", "4,5\n"), Options{}, []string{":3:3: ", "limit of 1048576 bytes"}},
		{"a record of many lines", then("a,b\n", "\"4\n5\","), Options{}, []string{":2: ", "100000 fields"}},
		{"endless columns", &fuzztest.Endless{Text: "a,"}, Options{}, []string{":1: ", "bytes"}},
		{"a million columns", strings.NewReader(strings.Repeat("1,", 1e6) + "1\n"), Options{}, []string{":1: ", "100000 fields"}},
		{"a million columns in the second row", strings.NewReader("a,b\n" + strings.Repeat("1,", 1e6) + "1\n"), Options{}, []string{":2: ", "100000 fields"}},
		{"endless rows", then("a,b\n", "1,2\n"), Options{MaxMemory: 10 << 20}, []string{"limit of 10 MiB", "MaxMemory"}},
		{"endless rows in gzip", zip(t, then("a,b\n", "1,2\n"), 20<<20), Options{MaxMemory: 10 << 20}, []string{"limit of 10 MiB", "MaxMemory"}},
		{"endless ignored rows", then("a,b\n", "1,2\n"), Options{MaxMemory: 1 << 20, Ignore: []string{"a", "b"}}, []string{"limit of 1 MiB"}},
		{"endless long texts", then("a,b\n", "0."+strings.Repeat("1", 100000)+",2\n"), Options{MaxMemory: 10 << 20}, []string{"limit of 10 MiB"}},
		{"long names", strings.NewReader(name + ",b\n1,2\n"), Options{Target: "c"}, []string{`no column "c"`}},
		{"long names twice", strings.NewReader(name + "," + name + "\n1,2\n"), Options{}, []string{":1:40002: ", "comes twice"}},
		{"a long text among numbers", strings.NewReader("a\n1\n" + name + "\n"), Options{Numeric: []string{"a"}}, []string{":3:1: ", "is not a number"}},
		{"a long text in a long column", strings.NewReader(name + "\n1\n" + name + "\n"), Options{Numeric: []string{"1"}}, []string{":3:1: ", "is not a number"}},
		{"a long line of another length", strings.NewReader("a,b\n1,2\n" + strings.Repeat("x,", 50000) + "\n"), Options{}, []string{":3: ", "50001 fields"}},
		{"bytes that are no text", strings.NewReader("a,b\n" + strings.Repeat("\xff\xfe", 5000) + ",2\n"), Options{}, []string{":2:1: ", "not UTF-8"}},
		{"many classes of long texts", strings.NewReader("a,b\n" + manyTexts(1000)), Options{Target: "b"}, []string{":2: ", "hardly classes"}},
		{"zeros", &fuzztest.Endless{Text: "\x00"}, Options{}, []string{"zero bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "my.csv")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := ReadFrom(path, c.r, c.o)
			runtime.ReadMemStats(&after)
			wantError(t, err, append(c.say, path)...)
			if n := len(err.Error()) - len(path); n > 300 {
				t.Errorf("an error of %d bytes", n)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
				t.Errorf("%d MiB allocated", n>>20)
			}
		})
	}
}

// manyTexts is a table of two columns, of which the second has a long text of its own in each row.
func manyTexts(rows int) string {
	var b strings.Builder
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d%s\n", i, i, strings.Repeat("x", 500))
	}
	return b.String()
}

// Files of other formats are named.
func TestForeign(t *testing.T) {
	for what, head := range map[string]string{
		"Excel": "PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00[Content_Types].xml \xa2", "zip archive": "PK\x03\x04\x14\x00\x00\x00my.csv",
		"OpenDocument": "PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"Parquet": "PAR1\x15\x04", "PDF": "%PDF-1.7", "xz": "\xfd7zXZ\x00", "zstd": "\x28\xb5\x2f\xfd", "bzip2": "BZh91AY",
	} {
		_, err := ReadFrom("my.csv", strings.NewReader(head+strings.Repeat("x,y\n", 20)), Options{})
		wantError(t, err, "my.csv: this is", what)
	}
}
