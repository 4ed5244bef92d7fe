//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

import (
	"os"
	"runtime"
	"syscall"

	"github.com/pkg/errors"
)

// claim has nothing to do: the name of a temporary file contains the ID of the process that uses it.
func claim(*os.File) (bool, error) { return true, nil }

// publish renames a temporary file to its target. Windows renames closed files only.
func publish(f *os.File, path string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return system.rename(f.Name(), path)
}

// removeIfDead removes a temporary file of a process that has ended. If another process has the same ID by now, the file stays until a
// later run.
func removeIfDead(path string, pid int) {
	p, err := os.FindProcess(pid)
	if err != nil {
		const invalidParameter = syscall.Errno(87) // the error of Windows for a process that does not exist
		if runtime.GOOS == "windows" && errors.Is(err, invalidParameter) {
			os.Remove(path)
		}
		return
	}
	defer p.Release()
	if runtime.GOOS != "windows" && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		os.Remove(path)
	}
}
