package formats

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// All line ends are \n, wherever the reader cuts the text, and a byte order mark is gone.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"a\nb\n":                "a\nb\n",
		"a\r\nb\r\n":            "a\nb\n",
		"a\rb\r":                "a\nb\n",
		"a\r\r\nb\n\rc\r\n\r\n": "a\n\nb\n\nc\n\n",
		"\uFEFFa\r\n":           "a\n",
		"\uFEFF":                "",
		"\r":                    "\n",
	} {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)),
			"halves": iotest.HalfReader(strings.NewReader(text)), "EOF with data": iotest.DataErrReader(strings.NewReader(text)),
		} {
			b, err := NewText("x", r)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(b); err != nil || string(got) != want {
				t.Errorf("%q in %s: %q, %v, want %q", text, name, got, err, want)
			}
		}
	}
	_, err := NewText("my.txt", iotest.ErrReader(io.ErrClosedPipe))
	wantError(t, err, "my.txt", "closed pipe")
}

// A file that is no text is an error that says what it is.
func TestTextForeign(t *testing.T) {
	var twice bytes.Buffer
	for range 2 {
		text := bytes.Clone(twice.Bytes())
		twice.Reset()
		w := gzip.NewWriter(&twice)
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for text, say := range map[string]string{
		"PK\x03\x04 [Content_Types].xml": "Excel workbook",
		"PK\x03\x04 a.txt":               "zip archive",
		"\x89PNG\r\n\x1a\n":              "picture",
		"%PDF-1.4":                       "PDF",
		twice.String():                   "gzip twice",
		"a\x00b":                         "zero bytes",
	} {
		f, err := New("my.csv", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = NewCSV("my.csv", f)
		wantError(t, err, "my.csv", say)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\r\nb\rc\n\r")
	f.Add("\uFEFF\r\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\uFEFF"))
		b, err := NewText("x", iotest.OneByteReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		if got, err := io.ReadAll(b); err != nil || string(got) != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	})
}
