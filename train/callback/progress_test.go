package callback_test

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
)

// progressIn trains 3 epochs of 4 steps with a Progress that writes to a file, and returns what a reader of the other end sees.
func progressIn(t *testing.T, ctx context.Context, file *os.File, read func() []byte, change func(c *train.Config)) (string, error) {
	t.Helper()
	c := traintest.Config()
	c.Metric = metric.Accuracy
	c.Callbacks = []train.Callback{&callback.Progress{File: file}}
	if change != nil {
		change(&c)
	}
	seen := make(chan []byte)
	go func() { seen <- read() }()
	_, err := train.Fit(ctx, traintest.New(t), traintest.Rows(), c)
	file.Close()
	return string(<-seen), err
}

// pipe returns its end to write to, and a function that reads the other one to its end.
func pipe(t *testing.T) (*os.File, func() []byte) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return w, func() []byte {
		defer r.Close()
		text, _ := io.ReadAll(r)
		return text
	}
}

// In a pipe there is one line per epoch.
func TestProgressPipe(t *testing.T) {
	file, read := pipe(t)
	text, err := progressIn(t, context.Background(), file, read, nil)
	want := regexp.MustCompile(`^epoch 1/3  loss [\d.]+  accuracy [\d.]+  \d+s left  [\d.]+ steps/s  validation loss [\d.]+
epoch 2/3  loss [\d.]+  accuracy [\d.]+  \d+s left  [\d.]+ steps/s  validation loss [\d.]+
epoch 3/3  loss [\d.]+  accuracy [\d.]+  0s left  [\d.]+ steps/s  validation loss [\d.]+
$`)
	if err != nil || !want.MatchString(text) {
		t.Errorf("error %v; the pipe got %q", err, text)
	}
}

// Without validation data their metrics are left out, and a resumed run shows the epochs that are left.
func TestProgressResumed(t *testing.T) {
	file, read := pipe(t)
	text, err := progressIn(t, context.Background(), file, read, func(c *train.Config) {
		c.Checkpoint, c.Metric, c.Epochs = &train.Checkpoint{From: traintest.Interrupted(t)}, metric.Metric{}, 4
	})
	if err != nil || strings.Count(text, "\n") != 4 || !strings.HasPrefix(text, "resumed after step 8 of 16\nepoch 2/4  loss ") || strings.Count(text, "validation loss") != 3 {
		t.Errorf("error %v; the pipe got %q", err, text)
	}
	file, read = pipe(t)
	text, err = progressIn(t, context.Background(), file, read, func(c *train.Config) { c.Validation, c.Metric = nil, metric.Metric{} })
	if err != nil || strings.Count(text, "\n") != 3 || strings.Contains(text, "validation") {
		t.Errorf("error %v; the pipe got %q", err, text)
	}
}

// A closed pipe does not end the training.
func TestProgressBroken(t *testing.T) {
	file, read := pipe(t)
	_, err := progressIn(t, context.Background(), file, read, func(c *train.Config) {
		c.Callbacks = append(c.Callbacks, traintest.AtEpoch(func(*train.State) error { return file.Close() }))
		c.Epochs = 1
	})
	if err != nil && !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}
