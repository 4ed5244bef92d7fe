package program

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Func is a program: it runs until it ends or ctx is cancelled, and returns the exit code.
type Func func(ctx context.Context, args []string, stdout, stderr io.Writer) int

// Main runs a program and exits with its code: 0 for success, 1 for a failure, 2 for wrong flags.
//
// The signals of [untilSignal] cancel the context: the program saves what it has, and its code is 1. If the standard output or the standard
// error can no longer be written, such as into a pipe whose reader has ended, the program goes on, so that its files are written; the code is then 1.
func Main(run Func) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	stdout, stderr := &lasting{w: os.Stdout}, &lasting{w: os.Stderr}
	ctx := untilSignal(context.Background(), func(signal os.Signal) {
		fmt.Fprintf(stderr, "%s: %v: it ends and saves what it has; a second signal ends it at once\n", name, signal)
	})
	code := run(ctx, os.Args[1:], stdout, stderr)
	if err := stdout.failure(); err != nil && !stdout.told.Load() {
		fmt.Fprintf(stderr, "%s: standard output: %v\n", name, err)
		code = max(code, 1)
	}
	if stderr.failure() != nil {
		code = max(code, 1)
	}
	os.Exit(code)
}

// Exit returns the exit code of a program that ends with err: 0, or 1 after printing the error in one line.
func Exit(name string, err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, name+": "+strings.ReplaceAll(err.Error(), "\n", " "))
	return 1
}

// Join returns an error of all errors that are not nil, in one line, or nil.
func Join(errs ...error) (all error) {
	for _, err := range errs {
		switch {
		case all == nil:
			all = err
		case err != nil:
			all = fmt.Errorf("%w; %w", all, err)
		}
	}
	return all
}
