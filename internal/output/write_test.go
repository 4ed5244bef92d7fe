package output_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// text writes a text and then returns err.
func text(s string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		if _, werr := io.WriteString(w, s); werr != nil {
			return werr
		}
		return err
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := output.Write(path, text(content, nil)); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
}

// wantNames checks which names a folder holds, hidden ones included.
func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// A write replaces the file as a whole, or leaves it as it was.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "old")
	failure := errors.New("no more data")
	if err := output.Write(path, text("half of the n", failure)); !errors.Is(err, failure) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want %v and the path", err, failure)
	}
	wantContent(t, path, "old")
	func() {
		defer func() { recover() }()
		output.Write(path, func(w io.Writer) error { io.WriteString(w, "half"); panic("bug") })
	}()
	wantContent(t, path, "old")
	wantNames(t, dir, "f")
	long := strings.Repeat("0123456789", 50_000)
	write(t, path, long)
	wantContent(t, path, long)
	write(t, path, "")
	wantContent(t, path, "")
	wantNames(t, dir, "f")
}

// A relative path without a folder is a file of the current one.
func TestWriteHere(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "f", "here")
	wantContent(t, "f", "here")
	if err := output.Try("g"); err != nil {
		t.Error(err)
	}
	wantNames(t, ".", "f")
}

// Write and Try refuse the same paths, and the error names them.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"empty":          "",
		"zero byte":      filepath.Join(dir, "a\x00b"),
		"folder":         filepath.Join(dir, "folder"),
		"folder's name":  filepath.Join(dir, "new") + string(filepath.Separator),
		"missing folder": filepath.Join(dir, "no", "f"),
		"file as folder": filepath.Join(dir, "file", "f"),
		"long name":      filepath.Join(dir, strings.Repeat("n", 300)),
	} {
		called := false
		err := output.Write(path, func(io.Writer) error { called = true; return nil })
		if err == nil || called || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: Write gives %v, called %v", name, err, called)
		}
		if err := output.Try(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: Try gives %v", name, err)
		}
	}
	wantNames(t, dir, "file", "folder")
	if err := output.Write(filepath.Join(dir, "no", "f"), text("x", nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder gives %v", err)
	}
}

// The longest name that the system allows for a file is no problem for the temporary one.
func TestLongName(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{strings.Repeat("n", 255), strings.Repeat("n", 254) + "m", strings.Repeat("ä", 127)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Skip(err)
		}
		if err := output.Try(path); err != nil {
			t.Error(err)
		}
		write(t, path, name)
		wantContent(t, path, name)
	}
}

// Try changes nothing.
func TestTry(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := output.Try(path); err != nil {
		t.Error(err)
	}
	wantNames(t, dir)
	write(t, path, "old")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := output.Try(path); err != nil {
		t.Error(err)
	}
	wantContent(t, path, "old")
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the file was touched: %v, %v (%v)", before, after, err)
	}
	wantNames(t, dir, "f")
}

// Two writers of one file at a time do not take each other's temporary file for a leftover.
func TestTwoWriters(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	err := output.Write(path, func(w io.Writer) error {
		io.WriteString(w, "outer")
		return output.Write(path, func(w io.Writer) error {
			io.WriteString(w, "inner")
			return output.Clean(dir, func(string) bool { return true })
		})
	})
	if err != nil {
		t.Error(err)
	}
	wantContent(t, path, "outer")
	wantNames(t, dir, "f")
}

// Clean removes what has the name of a temporary file of the targets asked for, and nothing else.
func TestClean(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		".f.4000000-abcdefghijklm.tmp", ".g.4000000-abcdefghijklm.tmp", ".f.12-abc.tmp", ".f.tmp", "f.4000000-abcdefghijklm.tmp", ".f.-1-abcdefghijklm.tmp", "f",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := output.Clean(dir, func(base string) bool { return base == "f" }); err != nil {
		t.Error(err)
	}
	wantNames(t, dir, ".f.-1-abcdefghijklm.tmp", ".f.12-abc.tmp", ".f.tmp", ".g.4000000-abcdefghijklm.tmp", "f", "f.4000000-abcdefghijklm.tmp")
	if err := output.Clean(filepath.Join(dir, "no"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder gives %v", err)
	}
}
