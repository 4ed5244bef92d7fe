//go:build unix

package output

import "golang.org/x/sys/unix"

// access returns an error if this process may not write to a file. It does not open the file: that would block on a pipe without a reader,
// and closing it would end the reader's input.
func access(path string) error { return unix.Access(path, unix.W_OK) }
