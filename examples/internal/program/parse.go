package program

import (
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pkg/errors"
)

// Parse parses the flags of a program that takes no arguments, and calls check, which may be nil. about says in two lines, for -help, what
// the program does. It returns the exit code if the program must end at once: 0 after -help, 2 for wrong flags. Otherwise the code is
// negative.
func Parse(f *flag.FlagSet, about string, args []string, stderr io.Writer, check func() error) int {
	return ParseArguments(f, about, nil, args, stderr, check)
}

// ParseArguments is Parse for a program that takes one argument for each of the names.
func ParseArguments(f *flag.FlagSet, about string, names, args []string, stderr io.Writer, check func() error) int {
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "usage: %s\n%s\n\n", strings.Join(append([]string{f.Name(), "[flags]"}, names...), " "), about)
		f.SetOutput(stderr)
		f.PrintDefaults()
		return 0
	}
	switch {
	case err != nil:
		err = explain(f, err)
	case f.NArg() > len(names):
		err = errors.Errorf("unexpected argument %q", f.Arg(len(names)))
	case f.NArg() < len(names):
		err = errors.Errorf("the argument %s is missing", names[f.NArg()])
	case check != nil:
		err = check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %s (-help lists the flags)\n", f.Name(), strings.ReplaceAll(err.Error(), "\n", " "))
		return 2
	}
	return -1
}

// wrongValue matches the errors of package flag for a text that is no value of the flag.
var wrongValue = regexp.MustCompile(`^invalid (boolean )?value (".*") for (?:flag )?-(\S+): (parse error|value out of range)$`)

// explain adds to the error of package flag which values the flag has.
func explain(f *flag.FlagSet, err error) error {
	m := wrongValue.FindStringSubmatch(err.Error())
	if m == nil || f.Lookup(m[3]) == nil {
		return err
	}
	getter, ok := f.Lookup(m[3]).Value.(flag.Getter)
	if !ok {
		return err
	}
	want := ""
	switch getter.Get().(type) {
	case bool:
		want = "true or false, as in -" + m[3] + "=false"
	case int, int64:
		want = "a whole number"
	case uint, uint64:
		want = "a whole number from 0 to 18446744073709551615"
	case float64:
		want = "a number"
	case time.Duration:
		want = "a time, such as 90s, 5m or 1h"
	default:
		return err
	}
	return errors.Errorf("-%s %s: want %s", m[3], m[2], want)
}

// Given returns the names of the flags that the command line sets.
func Given(f *flag.FlagSet) map[string]bool {
	given := map[string]bool{}
	f.Visit(func(x *flag.Flag) { given[x.Name] = true })
	return given
}

// Check is a condition on the value of a flag.
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

// List splits a text at its commas. An empty text is an empty list.
func List(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// CheckNames returns an error unless each name is one of known and none occurs twice.
func CheckNames(flag string, names, known []string) error {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return errors.Errorf("-%s %s: %q occurs twice", flag, strings.Join(names, ","), name)
		}
		if !slices.Contains(known, name) {
			return errors.Errorf("-%s %s: %q is none of %s", flag, strings.Join(names, ","), name, strings.Join(known, ", "))
		}
	}
	if len(names) == 0 {
		return errors.Errorf("-%s: want some of %s", flag, strings.Join(known, ", "))
	}
	return nil
}
