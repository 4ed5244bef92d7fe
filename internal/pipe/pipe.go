// Package pipe opens files that may be named pipes without waiting forever for the other end.
package pipe

import (
	"os"
	"time"

	"github.com/pkg/errors"
)

// Patience is how long OpenFile waits for the other end of a named pipe. Tests shorten it.
var Patience = 3 * time.Second

// The causes of the errors for a named pipe that nobody else opens.
var (
	ErrNoReader = errors.New("nobody reads from the pipe")
	ErrNoWriter = errors.New("nobody writes to the pipe")
)

// Open is [OpenFile] for reading.
func Open(path string) (*os.File, error) { return OpenFile(path, os.O_RDONLY) }

// OpenFile is [os.OpenFile] for an existing file. For a named pipe it waits until the other end is open, as os.OpenFile does, but not longer than
// Patience: then the error is an [os.PathError] with ErrNoReader or ErrNoWriter.
func OpenFile(path string, flag int) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return os.OpenFile(path, flag, 0)
	}
	opened := make(chan result, 1)
	go func() {
		f, err := os.OpenFile(path, flag, 0)
		opened <- result{f, err}
	}()
	timer := time.NewTimer(Patience)
	defer timer.Stop()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-timer.C:
	}
	missing := ErrNoWriter
	if flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		missing = ErrNoReader
	}
	stop(path, flag, opened)
	return nil, &os.PathError{Op: "open", Path: path, Err: missing}
}

// stop ends the wait for the other end, so that nobody takes this process for it. It tries several times, as the waiting goroutine may not
// have begun to wait, and gives up if the pipe is gone: then nobody can.
func stop(path string, flag int, opened <-chan result) {
	for range 1000 {
		release(path, flag)
		select {
		case r := <-opened:
			if r.err == nil {
				r.file.Close()
			}
			return
		case <-time.After(time.Millisecond):
		}
	}
}

type result struct {
	file *os.File
	err  error
}
