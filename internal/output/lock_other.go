//go:build !unix

package output

import (
	stderrors "errors"
	"os"

	"github.com/gofrs/flock"
	"github.com/pkg/errors"
)

// noLocks reports whether an error means that the file system has no locks.
func noLocks(err error) bool { return errors.Is(err, stderrors.ErrUnsupported) }

// unlock removes the lock file after it is closed: Windows does not remove open files, so one that the next owner has opened stays.
func unlock(l *flock.Flock, name string) error {
	if !l.Locked() {
		return nil
	}
	err := l.Unlock()
	os.Remove(name)
	return cause(err)
}
