package output

import (
	"os"

	"github.com/gofrs/flock"
	"github.com/pkg/errors"
)

const lockSuffix = ".lock"

// Lock reserves the file at path for the caller until release is called or the process ends, even if it is killed. Until then, another call
// of Lock for the same file, from this or another process, returns an error with cause [ErrLocked] that names the file. Only programs that
// call Lock respect it.
//
// The lock is a file next to the locked one, with ".lock" appended to its name; release removes it. The file at path need not exist. On a
// file system without locks, as on some network file systems, Lock succeeds without locking.
func Lock(path string) (release func() error, err error) {
	t, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if t.direct {
		return nil, errors.Errorf("lock %s: not a regular file", path)
	}
	name := t.path + lockSuffix
	for {
		l := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o666))
		ok, err := l.TryLock()
		switch {
		case noLocks(err):
			return func() error { return nil }, nil
		case err != nil:
			return nil, errors.Wrapf(cause(err), "lock %s: %s", path, name)
		case !ok:
			return nil, errors.Wrapf(ErrLocked, "%s", path)
		}
		if stillNamed(l, name) {
			return func() error { return errors.Wrapf(unlock(l, name), "unlock %s", path) }, nil
		}
		// The former owner removed the file between its opening and its locking here.
		if err := l.Unlock(); err != nil {
			return nil, errors.Wrapf(cause(err), "lock %s", path)
		}
	}
}

// ErrLocked is the cause of the error of Lock for a file that is in use.
var ErrLocked = errors.New("another process uses the file")

// stillNamed reports whether the file of a lock still has its name.
func stillNamed(l *flock.Flock, name string) bool {
	opened, err := l.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(opened, named)
}
