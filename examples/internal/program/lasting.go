package program

import (
	"io"
	"os"
	"sync"

	"github.com/pkg/errors"
)

// lasting is a writer that a program can write to after it has failed: the rest is lost, and the program goes on.
type lasting struct {
	w io.Writer

	mu  sync.Mutex
	err error
}

func (l *lasting) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		_, l.err = l.w.Write(b)
	}
	return len(b), nil
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
