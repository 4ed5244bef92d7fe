package output

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/errors"
)

// Whichever call fails, at whichever time: the file is the old one or the new one, whole; the error names it and has the cause; nothing is
// left behind; and the next write succeeds.
func TestFaults(t *testing.T) {
	sound := system
	old, content := []byte("old"), bytes.Repeat([]byte("0123456789abcdef"), 16_000) // several blocks of the buffer
	for name, fault := range map[string]func(failure error) (calls *int){
		"write":       func(failure error) *int { return failWrite(failure, func(n int) int { return 0 }) },
		"torn write":  func(failure error) *int { return failWrite(failure, func(n int) int { return n / 2 }) },
		"late write":  func(failure error) *int { return failWrite(failure, func(n int) int { return n }) },
		"short write": func(error) *int { return failWrite(nil, func(n int) int { return n - 1 }) },
		"sync": func(failure error) *int {
			calls := 0
			system.sync = func(f *os.File) error {
				if calls--; calls == 0 {
					return &os.PathError{Op: "sync", Path: f.Name(), Err: failure}
				}
				return sound.sync(f)
			}
			return &calls
		},
		"rename": func(failure error) *int {
			calls := 0
			system.rename = func(from, to string) error {
				if calls--; calls == 0 {
					return &os.LinkError{Op: "rename", Old: from, New: to, Err: failure}
				}
				return sound.rename(from, to)
			}
			return &calls
		},
	} {
		for _, existing := range []bool{true, false} {
			for _, failure := range []error{syscall.ENOSPC, syscall.EIO, syscall.EDQUOT} {
				for at, failed := 1, true; failed; at++ {
					dir := t.TempDir()
					path := filepath.Join(dir, "model")
					if existing {
						if err := os.WriteFile(path, old, 0o644); err != nil {
							t.Fatal(err)
						}
					}
					*fault(failure) = at
					err := Write(path, func(w io.Writer) error { _, err := w.Write(content); return err })
					system = sound
					failed = err != nil
					if !failed && at == 1 && name != "short write" { // the rest may follow
						t.Fatalf("%s: the fault does not happen", name)
					}
					if failed && (!strings.Contains(err.Error(), path) || strings.Contains(err.Error(), tempSuffix)) {
						t.Errorf("%s %d: error %q does not name the file alone", name, at, err)
					}
					if failed && !errors.Is(err, failure) && name != "short write" {
						t.Errorf("%s %d: error %v, want %v", name, at, err, failure)
					}
					got, readErr := os.ReadFile(path)
					whole := bytes.Equal(got, content) || existing && bytes.Equal(got, old) || !existing && os.IsNotExist(readErr)
					if !whole || !failed && !bytes.Equal(got, content) {
						t.Errorf("%s %d: the file has %d bytes (%v), error %v", name, at, len(got), readErr, err)
					}
					if entries, err := os.ReadDir(dir); err != nil || len(entries) > 1 {
						t.Errorf("%s %d: left behind: %v (%v)", name, at, entries, err)
					}
					if err := Write(path, func(w io.Writer) error { _, err := w.Write(old); return err }); err != nil {
						t.Errorf("%s %d: the next write: %v", name, at, err)
					}
					if at > 20 {
						t.Fatalf("%s fails without end", name)
					}
				}
			}
		}
	}
}

// failWrite makes a call of write fail after a part of its bytes. Set the returned number to that of the call.
func failWrite(failure error, part func(n int) int) *int {
	sound, calls := system.write, 0
	system.write = func(f *os.File, b []byte) (int, error) {
		if calls--; calls != 0 {
			return sound(f, b)
		}
		n, err := sound(f, b[:part(len(b))])
		if err == nil && failure != nil {
			err = &os.PathError{Op: "write", Path: f.Name(), Err: failure}
		}
		return n, err
	}
	return &calls
}

// The folder is synced after the renaming, and last: then the new file has its name for good.
func TestOrder(t *testing.T) {
	sound := system
	defer func() { system = sound }()
	var calls []string
	dir := t.TempDir()
	system.write = func(f *os.File, b []byte) (int, error) { calls = append(calls, "write"); return sound.write(f, b) }
	system.sync = func(f *os.File) error {
		what := "sync"
		if f.Name() == dir {
			what = "sync folder"
		}
		calls = append(calls, what)
		return sound.sync(f)
	}
	system.rename = func(from, to string) error { calls = append(calls, "rename"); return sound.rename(from, to) }
	if err := Write(filepath.Join(dir, "f"), func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"write", "sync", "rename", "sync folder"}; !slices.Equal(calls, want) && !slices.Equal(calls, want[:3]) { // Windows syncs no folders
		t.Errorf("calls %q, want %q", calls, want)
	}
}
