//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output

import (
	"os"
	"syscall"

	"github.com/pkg/errors"
)

// claim locks a new temporary file until it is closed, at the latest when the process ends. It returns false if another process has already
// removed the file. Where files cannot be locked, no process treats a temporary file as a leftover.
func claim(f *os.File) (bool, error) {
	switch err := tryLock(f); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil // somebody is about to remove it
	case err != nil:
		return true, nil
	}
	opened, err := f.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(opened, named), nil
}

// publish renames a temporary file to its target. The file stays locked until then.
func publish(f *os.File, path string) error {
	if err := system.rename(f.Name(), path); err != nil {
		return err
	}
	return f.Close()
}

// removeIfDead removes a temporary file that nobody has locked.
func removeIfDead(path string, _ int) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if tryLock(f) == nil {
		os.Remove(path)
	}
}

func tryLock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
