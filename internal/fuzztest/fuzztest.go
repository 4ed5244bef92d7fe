// Package fuzztest holds what fuzz targets and tests of hostile input share.
package fuzztest

import (
	"flag"
	"testing"
)

// Brief limits what `go test -fuzz` does to shorten an input that reaches new code to 100 runs of the target. By default it takes up to a
// minute for each, and its tries grow with the square of the length: a target that takes a millisecond, on a file of a kilobyte, does
// nothing else. A flag -fuzzminimizetime on the command line has precedence. Call it first in a target.
func Brief(f *testing.F) {
	f.Helper()
	const name = "test.fuzzminimizetime"
	given := false
	flag.Visit(func(x *flag.Flag) { given = given || x.Name == name })
	if given {
		return
	}
	if err := flag.Set(name, "100x"); err != nil {
		f.Fatal(err)
	}
}
