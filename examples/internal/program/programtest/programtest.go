// Package programtest helps to test programs.
package programtest

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
)

// Run runs a program and returns its exit code and what it printed.
func Run(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

// Stopping is a context that is cancelled as soon as there is a file whose path matches a pattern, such as a checkpoint.
type Stopping struct {
	context.Context
	Pattern string
}

// Err implements context.Context.
func (s Stopping) Err() error {
	if found, err := filepath.Glob(s.Pattern); err != nil || len(found) > 0 {
		return context.Canceled
	}
	return nil
}
