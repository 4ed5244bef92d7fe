package program

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"
)

// Parse parses the flags of a program that takes no arguments, and calls check. It returns the exit code with which the program is
// to end at once, 0 after -help and 2 for flags that make no sense, or a number below 0 if it is to go on.
func Parse(f *flag.FlagSet, args []string, stderr io.Writer, check func() error) int {
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "usage: %s [flags]\n", f.Name())
		f.SetOutput(stderr)
		f.PrintDefaults()
		return 0
	}
	if err == nil && f.NArg() > 0 {
		err = errors.Errorf("unexpected argument %q", f.Arg(0))
	}
	if err == nil {
		err = check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v (-help lists the flags)\n", f.Name(), err)
		return 2
	}
	return -1
}

// Given are the names of the flags that the command line sets.
func Given(f *flag.FlagSet) map[string]bool {
	given := map[string]bool{}
	f.Visit(func(x *flag.Flag) { given[x.Name] = true })
	return given
}

// Exit returns 0, or prints an error in one line and returns 1.
func Exit(name string, err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, name+": "+strings.ReplaceAll(err.Error(), "\n", " "))
	return 1
}

// Check is a condition that the value of a flag meets.
type Check struct {
	Flag string
	OK   bool
	Got  any
	Want string
}

// CheckAll returns an error for the first check that fails.
func CheckAll(checks ...Check) error {
	for _, c := range checks {
		if !c.OK {
			return errors.Errorf("-%s %v: want %s", c.Flag, c.Got, c.Want)
		}
	}
	return nil
}
