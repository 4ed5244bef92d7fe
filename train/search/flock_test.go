package search_test

import (
	"runtime"
	"slices"
)

// flock says whether this system can lock files.
var flock = slices.Contains([]string{"darwin", "dragonfly", "freebsd", "linux", "netbsd", "openbsd"}, runtime.GOOS)
