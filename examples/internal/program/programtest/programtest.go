// Package programtest helps to test programs.
package programtest

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// Run runs a program and returns its exit code and what it printed.
func Run(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

// ErrorCase is a run that must fail.
type ErrorCase struct {
	Args []string
	Code int
	// Want is part of the error message.
	Want string
}

// CheckErrors checks that each run ends with its exit code, one line that holds the message, and no other output.
func CheckErrors(t *testing.T, run func(ctx context.Context, args []string, stdout, stderr io.Writer) int, cases []ErrorCase) {
	t.Helper()
	for _, c := range cases {
		code, stdout, stderr := Run(run, c.Args...)
		if code != c.Code || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.Want) {
			t.Errorf("%q: exit code %d, output %q, error %q; want code %d and %q", c.Args, code, stdout, stderr, c.Code, c.Want)
		}
	}
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

// StopAt is a place for the output of a program whose Context is cancelled as soon as it holds a text.
type StopAt struct {
	bytes.Buffer
	Context context.Context

	cancel context.CancelFunc
	text   string
}

// NewStopAt returns an empty StopAt for a text.
func NewStopAt(ctx context.Context, text string) *StopAt {
	s := &StopAt{text: text}
	s.Context, s.cancel = context.WithCancel(ctx)
	return s
}

// Write implements io.Writer.
func (s *StopAt) Write(p []byte) (int, error) {
	n, err := s.Buffer.Write(p)
	if strings.Contains(s.String(), s.text) {
		s.cancel()
	}
	return n, err
}
