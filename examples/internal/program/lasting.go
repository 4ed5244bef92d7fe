package program

import (
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/pkg/errors"
)

// lasting is a writer that a program can write to after it has failed: the rest is lost, and the program goes on.
type lasting struct {
	w *os.File

	mu  sync.Mutex
	err error

	told atomic.Bool // the program knows of the error
}

func (l *lasting) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		_, l.err = l.w.Write(b)
	}
	return len(b), nil
}

// Fd returns the descriptor of the file, by which others find out whether it is a terminal.
func (l *lasting) Fd() uintptr { return l.w.Fd() }

// Strict returns a writer that returns the errors of the standard output, for a program that has nothing to do but to write to it.
func Strict(w io.Writer) io.Writer {
	if l, ok := w.(*lasting); ok {
		return strict{l}
	}
	return w
}

type strict struct{ l *lasting }

func (s strict) Write(b []byte) (int, error) {
	n, err := s.l.Write(b)
	if err == nil {
		err = s.l.failure()
	}
	if err != nil {
		s.l.told.Store(true)
		return 0, errors.Wrap(err, "standard output")
	}
	return n, nil
}

// failure returns the first error, without the name of a file.
func (l *lasting) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var path *os.PathError
	if errors.As(l.err, &path) {
		return path.Err
	}
	return l.err
}
