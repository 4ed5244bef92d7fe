//go:build unix

package pipe

import (
	"os"
	"syscall"
)

// release ends the wait of OpenFile by opening the other end for a moment, which succeeds at once as this process waits at this one.
func release(path string, flag int) error {
	other := os.O_RDONLY
	if flag&os.O_WRONLY == 0 {
		other = os.O_WRONLY
	}
	f, err := os.OpenFile(path, other|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return f.Close()
}
