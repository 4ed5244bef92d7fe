//go:build unix

package logs_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

// during calls a function after the first epoch, and returns its error.
type during func() error

func (d during) AfterEpoch(_ context.Context, s *train.State) error {
	if s.Epoch > 1 {
		return nil
	}
	return d()
}

// A log belongs to one run at a time, which does not notice that another wanted it; it is free once the run has ended or failed.
func TestLocked(t *testing.T) {
	for k, name := range []string{"log.csv", "log.jsonl"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		run := func(end error, callbacks ...train.Callback) (second error) {
			t.Helper()
			c := traintest.Config()
			c.Callbacks = append([]train.Callback{logsIn(dir)[k]}, callbacks...)
			c.Callbacks = append(c.Callbacks, during(func() error {
				other := traintest.Config()
				other.Callbacks = []train.Callback{logsIn(dir)[k]}
				_, second = train.Fit(context.Background(), traintest.New(t), traintest.Rows(), other)
				return end
			}))
			if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); !errors.Is(err, end) {
				t.Error(err)
			}
			return second
		}
		for _, end := range []error{nil, errors.New("a failure"), nil} {
			if err := run(end); !errors.Is(err, output.ErrLocked) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: a second run gives %v", name, err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("%s: the folder holds %v (%v)", name, entries, err)
			}
		}
		if text, err := os.ReadFile(path); err != nil || strings.Count(string(text), "\n")-(1-k) != traintest.Config().Epochs {
			t.Errorf("%s holds %q (%v)", name, text, err)
		}
	}
}

// A pipe gets the lines that a file has, and stays a pipe; a device as well.
func TestDirect(t *testing.T) {
	for k, name := range []string{"log.csv", "log.jsonl"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Skip(err)
		}
		read := make(chan string)
		go func() {
			text, _ := os.ReadFile(path)
			read <- string(text)
		}()
		c := traintest.Config()
		c.Callbacks = []train.Callback{logsIn(dir)[k]}
		if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); err != nil {
			t.Fatal(err)
		}
		if text := <-read; strings.Count(text, "\n")-(1-k) != c.Epochs || !strings.Contains(text, "epoch") {
			t.Errorf("%s: the pipe got %q", name, text)
		}
		if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
			t.Errorf("the pipe is %v now (%v)", info, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(os.DevNull, path); err != nil {
			t.Fatal(err)
		}
		if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
			t.Fatalf("%s is %v now (%v)", os.DevNull, info, err)
		}
	}
}
