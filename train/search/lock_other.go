//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package search

import "os"

// lock does nothing on systems without flock: there it is up to the caller not to run two searches on one file.
func lock(*os.File) error { return nil }
