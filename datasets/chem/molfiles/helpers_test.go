package molfiles

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

// zipped compresses a text.
func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// drawing is a record of an SD file: ethanol, cut off before the oxygen if it has one atom.
func drawing(title string, items ...string) string {
	text := title + "\n  made up\n\n  2  1  0  0  0  0            999 V2000\n" +
		"    0.0000    0.0000    0.0000 C   0  0\n    1.0000    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  END\n"
	for _, item := range items {
		name, value, _ := strings.Cut(item, "=")
		text += "> <" + name + ">\n" + value + "\n\n"
	}
	return text + "$$$$\n"
}

// rows reads a whole file. Each row is "name|SMILES", and an unreadable one ends in "|!".
func rows(t testing.TB, name, text string) (got []string, r *Reader) {
	t.Helper()
	r, err := New(name, strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return got, r
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		row := rec.Name + "|" + rec.SMILES
		if rec.Err != nil {
			row += "|!"
		}
		if (rec.Err == nil) != (rec.Mol != nil) {
			t.Errorf("%s: %+v", name, rec)
		}
		got = append(got, row)
	}
}

func wantError(t testing.TB, err error, say ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", say)
		return
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}
