package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/errors"
)

func grow(t *testing.T, path string) *Growing {
	t.Helper()
	g, err := Grow(path)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// A file grows over several openings, is cut, and takes the place and the permissions of the old one, also behind a link.
func TestGrow(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", link); err != nil {
		t.Skip(err)
	}
	g := grow(t, link)
	if _, err := g.Write([]byte("one two")); err != nil {
		t.Fatal(err)
	}
	if _, err := Grow(real); !errors.Is(err, ErrLocked) {
		t.Errorf("a second one: %v", err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); got != "link real real.partial" {
		t.Errorf("the folder holds %s", got)
	}
	g = grow(t, real)
	if n, err := g.Size(); err != nil || n != 7 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if g.Cut(8) == nil || g.Cut(-1) == nil {
		t.Error("it is cut to a size that it does not have")
	}
	if err := g.Cut(4); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Write([]byte("three")); err != nil {
		t.Fatal(err)
	}
	if err := g.Publish(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(link)
	if err != nil || string(text) != "one three" || names(t, dir) != "link real" {
		t.Errorf("%q (%v), %s", text, err, names(t, dir))
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v (%v)", info.Mode(), err)
	}
	if g.Close() != nil || g.Remove() != nil || names(t, dir) != "link real" {
		t.Error("after the end")
	}
}

// Whatever fails, the old file stays, and the error names it. A file that was removed while it grew is noticed.
func TestGrowFaults(t *testing.T) {
	sound := system
	defer func() { system = sound }()
	for name, fault := range map[string]func(){
		"write":  func() { system.write = func(*os.File, []byte) (int, error) { return 0, syscall.ENOSPC } },
		"short":  func() { system.write = func(*os.File, []byte) (int, error) { return 1, nil } },
		"sync":   func() { system.sync = func(*os.File) error { return syscall.EIO } },
		"rename": func() { system.rename = func(string, string) error { return syscall.EIO } },
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		g := grow(t, path)
		fault()
		_, err := g.Write([]byte("new"))
		if err == nil {
			err = g.Publish()
		}
		system = sound
		if text, rerr := os.ReadFile(path); err == nil || !strings.Contains(err.Error(), path) || string(text) != "old" {
			t.Errorf("%s: %v, the file holds %q (%v)", name, err, text, rerr)
		}
		if err := g.Remove(); err != nil || names(t, filepath.Dir(path)) != "file" {
			t.Errorf("%s: %v, %s", name, err, names(t, filepath.Dir(path)))
		}
	}
	path := filepath.Join(t.TempDir(), "file")
	g := grow(t, path)
	if err := os.Remove(g.Name()); err != nil {
		t.Skip(err) // Windows
	}
	if err := g.Publish(); err == nil || !strings.Contains(err.Error(), "removed") {
		t.Errorf("a removed file: %v", err)
	}
}

// A path that cannot be an output, or grow, is an error that names it.
func TestGrowRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "x"+PartialSuffix), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", dir, filepath.Join(dir, "none", "x"), filepath.Join(dir, "x"), os.DevNull} {
		if _, err := Grow(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if name, err := PartialName(filepath.Join(dir, "y")); err != nil || name != filepath.Join(dir, "y.partial") {
		t.Errorf("%q, %v", name, err)
	}
	if _, err := PartialName(filepath.Join(dir, "none", "y")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}
