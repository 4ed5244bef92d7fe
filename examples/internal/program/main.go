package program

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

// Main runs a program until it ends or is interrupted, and exits with its code: 0 for success, 1 for a failure, 2 for wrong flags.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit returns the exit code of a program that ends with err: 0, or 1 after printing the error in one line.
func Exit(name string, err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, name+": "+strings.ReplaceAll(err.Error(), "\n", " "))
	return 1
}
