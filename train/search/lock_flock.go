//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package search

import (
	"os"
	"syscall"

	"github.com/pkg/errors"
)

// lock keeps other processes from writing to the file until it is closed, also by the end of this process.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errors.New("another search is using the file")
	}
	// Some network file systems cannot lock. That is no reason not to search.
	return nil
}
