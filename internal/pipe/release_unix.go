//go:build unix

package pipe

import (
	"os"
	"syscall"
)

// release ends the wait of OpenFile, if it has begun, by opening the other end for a moment.
func release(path string, flag int) {
	other := os.O_RDONLY
	if flag&os.O_WRONLY == 0 {
		other = os.O_WRONLY
	}
	if f, err := os.OpenFile(path, other|syscall.O_NONBLOCK, 0); err == nil {
		f.Close()
	}
}
