//go:build unix

package output

import (
	stderrors "errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"
	"github.com/pkg/errors"
)

// noLocks reports whether an error means that the file system has no locks.
func noLocks(err error) bool {
	return errors.Is(err, stderrors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK)
}

// unlock removes the lock file while it is locked, so that a process that locks it afterwards can see that it is not the current one.
func unlock(l *flock.Flock, name string) error {
	if !l.Locked() {
		return nil
	}
	err := os.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if uerr := l.Unlock(); uerr != nil {
		return cause(uerr)
	}
	return cause(err)
}
