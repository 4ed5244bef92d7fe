//go:build unix

package pipe_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/internal/pipe"
)

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	return path
}

// A pipe whose other end nobody opens is an error, and stays a pipe that others can use.
func TestAlone(t *testing.T) {
	defer func(d time.Duration) { pipe.Patience = d }(pipe.Patience)
	for range 20 {
		alone(t)
	}
}

func alone(t *testing.T) {
	t.Helper()
	for flag, want := range map[int]error{os.O_RDONLY: pipe.ErrNoWriter, os.O_WRONLY: pipe.ErrNoReader} {
		path := fifo(t)
		pipe.Patience = 0 // before the wait has begun
		if _, err := pipe.OpenFile(path, flag); !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want %v", err, want)
		}
		pipe.Patience = time.Minute
		through(t, path)
	}
}

// Whoever comes first waits for the other.
func TestBothEnds(t *testing.T) { through(t, fifo(t)) }

func through(t *testing.T, path string) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		w, err := pipe.OpenFile(path, os.O_WRONLY)
		if err == nil {
			_, err = io.WriteString(w, "through")
			w.Close()
		}
		done <- err
	}()
	r, err := pipe.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "through" {
		t.Errorf("got %q (%v)", got, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Other files are opened as by package os.
func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if _, err := pipe.Open(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pipe.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
}
