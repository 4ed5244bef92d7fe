package formats

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.txt")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func wantError(t *testing.T, err error, say ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", say)
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}

func TestOpenPlainOrGzip(t *testing.T) {
	text := strings.Repeat("one line\n", 10000)
	two := append(zipped(t, text[:9]), zipped(t, text[9:])...) // members may follow each other
	for name, content := range map[string][]byte{"plain": []byte(text), "gzip": zipped(t, text), "two members": two} {
		f, err := Open(file(t, content))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, short := range []string{"", "x", "\x1f"} {
		f, err := Open(file(t, []byte(short)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); err != nil || string(got) != short {
			t.Errorf("%q came as %q, %v", short, got, err)
		}
		f.Close()
	}
}

func TestOpenDamagedGzip(t *testing.T) {
	whole := zipped(t, strings.Repeat("one line\n", 10000))
	for cut := 2; cut < len(whole); cut += 7 {
		path := file(t, whole[:cut])
		f, err := Open(path)
		if err == nil {
			_, err = io.ReadAll(f)
			f.Close()
		}
		wantError(t, err, path, "cut short")
	}
	whole[len(whole)-6] ^= 1
	path := file(t, whole)
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = io.ReadAll(f)
	wantError(t, err, path, "checksum")
	_, err = Open(filepath.Join(t.TempDir(), "absent.csv"))
	wantError(t, err, "absent.csv")
	dir := t.TempDir()
	_, err = Open(dir)
	wantError(t, err, dir, "folder")
}

func FuzzOpen(f *testing.F) {
	fuzztest.Brief(f)
	f.Add([]byte("plain"))
	f.Add(zipped(f, "packed"))
	f.Add(zipped(f, "packed")[:15])
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := Open(file(t, content))
		if err != nil {
			return
		}
		defer r.Close()
		got, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if err == nil && !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) && !bytes.Equal(got, content) {
			t.Errorf("%q came as %q", content, got)
		}
	})
}

func TestReadLines(t *testing.T) {
	lines, err := ReadLines(file(t, zipped(t, "a\nb \r\nc")))
	if err != nil || strings.Join(lines, ",") != "a,b,c" {
		t.Errorf("lines %q, %v", lines, err)
	}
	path := file(t, []byte("a\n\nc\n"))
	_, err = ReadLines(path)
	wantError(t, err, path+":2")
	path = file(t, []byte("a\n"+strings.Repeat("x", MaxLine+1)))
	_, err = ReadLines(path)
	wantError(t, err, path+":2")
	_, err = ReadLines(path + "x")
	wantError(t, err, path+"x")
}

func reader(text string) *bufio.Reader { return bufio.NewReaderSize(strings.NewReader(text), 16) }

// For text that encoding/csv reads, the records are the same.
func FuzzRecords(f *testing.F) {
	f.Add("a,b\n1,\"x\ny\"\n\n\"\"\"\",\r\n")
	f.Add("5\" pipe,\"a\"b\n")
	f.Add("\"a")
	f.Fuzz(func(t *testing.T, text string) {
		want := csv.NewReader(strings.NewReader(text))
		want.FieldsPerRecord = -1
		got, strict := NewRecords("my.csv", reader(text), ',', 0), NewRecords("my.csv", reader(text), ',', 0)
		strict.Strict = true
		for {
			a, err := want.Read()
			b, berr := got.Next()
			c, cerr := strict.Next()
			if err != nil && err != io.EOF {
				if cerr == nil {
					t.Fatalf("%q is strictly read as %q, want %v", text, c, err)
				}
				return
			}
			if strings.Contains(strings.TrimSuffix(text, "\r"), "\r") && (berr != nil || !slices.Equal(a, b)) {
				return // carriage returns inside lines
			}
			if (err == nil) != (berr == nil) || !slices.Equal(a, b) || !slices.Equal(a, c) {
				t.Fatalf("%q: %q %v, strictly %q %v, want %q %v", text, b, berr, c, cerr, a, err)
			}
			if err == io.EOF {
				return
			}
		}
	})
}
