//go:build unix

package output

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// fullDevice is the device that behaves as a full disk.
const fullDevice = "/dev/full"

// access returns an error if this process may not write to a file. It does not open the file: that would block on a pipe without a reader,
// and closing it would end the reader's input.
func access(path string) error {
	if path == fullDevice {
		return syscall.ENOSPC
	}
	return unix.Access(path, unix.W_OK)
}
