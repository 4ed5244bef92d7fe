//go:build unix

package output

import "golang.org/x/sys/unix"

// access returns an error if this process may not write to a file. It does not open the file: that would block at a pipe
// without a reader, and end the input of a reader.
func access(path string) error { return unix.Access(path, unix.W_OK) }
