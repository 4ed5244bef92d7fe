package numbers

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
)

func rows(text string) (out [][]float64, err error) {
	err = ReadFrom("n.csv", strings.NewReader(text), func(v []float64) error {
		out = append(out, append([]float64(nil), v...))
		return nil
	})
	return out, err
}

// The line ends are those of Unix, Windows and old Macs, with or without one at the end of the file.
func TestRead(t *testing.T) {
	want := [][]float64{{1, -2.5}, {3e2, 4}}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for _, last := range []string{end, ""} {
			text := "1,-2.5" + end + " 3e2 , 4" + last
			if got, err := rows(text); err != nil || !cmp.Equal(got, want) {
				t.Errorf("%q is %v, %v", text, got, err)
			}
			var slow [][]float64
			err := ReadFrom("n.csv", iotest.OneByteReader(strings.NewReader(text)), func(v []float64) error {
				slow = append(slow, append([]float64(nil), v...))
				return nil
			})
			if err != nil || !cmp.Equal(slow, want) {
				t.Errorf("%q, byte by byte, is %v, %v", text, slow, err)
			}
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"empty", "", "n.csv: no lines"},
		{"blank line", "1\n\n2\n", "n.csv:2: field 1"},
		{"text", "1,2\n3,x\n", `n.csv:2: field 2: "x"`},
		{"NaN", "nan\n", "n.csv:1: field 1"},
		{"infinite", "1\r1e999\r", "n.csv:2: field 1"},
		{"short", "1,2\n3\n", "n.csv:2: 1 numbers, want 2"},
		{"endless", strings.Repeat("1", maxLine+1), "n.csv:1"},
		{"from the caller", "1\n7\n", "n.csv:2: seven"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := ReadFrom("n.csv", strings.NewReader(c.text), func(v []float64) error {
				if v[0] == 7 {
					return errors.New("seven")
				}
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), c.say) {
				t.Errorf("error %v, want one with %q", err, c.say)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "n.csv")
	if err := Read(path, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("1\nx"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Read(path, func([]float64) error { return nil }); err == nil || !strings.Contains(err.Error(), path+":2") {
		t.Errorf("error %v does not name the line", err)
	}
}

// Reading, writing and reading again gives the same values.
func FuzzRead(f *testing.F) {
	f.Add("1,-2.5\n3e2,4\n")
	f.Add("1\r\n2\r3")
	f.Add("0x1p-2\n")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := rows(text)
		if err != nil {
			if !strings.Contains(err.Error(), "n.csv") {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		var b strings.Builder
		for _, r := range first {
			b.WriteString(strings.ReplaceAll(strings.Trim(fmt.Sprint(r), "[]"), " ", ",") + "\n")
		}
		second, err := rows(b.String())
		if err != nil || !cmp.Equal(first, second) {
			t.Errorf("%v became %v, %v", first, second, err)
		}
	})
}
