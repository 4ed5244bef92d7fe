package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

func TestRun(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	var out, err bytes.Buffer
	code := run(context.Background(), []string{"-layers", "2,3", "-nets", "snn,msrainit", "-units", "16", "-epochs", "2", "-out", dir}, &out, &err)
	if code != 0 || strings.Count(out.String(), "training loss") != 4 {
		t.Fatalf("exit code %d: %s%s", code, out.String(), err.String())
	}
	for name, want := range map[string]string{"loss.csv": "snn,3,2,", "loss.svg": "<svg", "loss.png": "PNG"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: no %q (%v)", name, want, err)
		}
	}
}

// canceler cancels when a training has ended.
type canceler struct {
	bytes.Buffer
	cancel func()
}

func (c *canceler) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("training loss")) {
		c.cancel()
	}
	return c.Buffer.Write(b)
}

// An interrupted run draws the curves that it has.
func TestInterrupted(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	out, stderr := &canceler{cancel: cancel}, new(bytes.Buffer)
	code := run(ctx, []string{"-layers", "2,3", "-nets", "snn", "-units", "16", "-epochs", "2", "-out", dir}, out, stderr)
	if code != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	for name, want := range map[string]string{"loss.csv": "snn,2,2,", "loss.svg": "<svg", "loss.png": "PNG"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: no %q (%v)", name, want, err)
		}
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-set", "cifar"}, Code: 2, Want: "mnist10k"},
		{Args: []string{"-nets", "cnn"}, Code: 2, Want: "snn"},
		{Args: []string{"-layers", "8,x"}, Code: 2, Want: `"x"`},
		{Args: []string{"-lr", "NaN"}, Code: 2, Want: "-lr"},
		{Args: []string{"-batch", "1"}, Code: 2, Want: "-batch 1"},
		{Args: []string{"-data", t.TempDir()}, Code: 1, Want: "mnist"},
		{Args: []string{"-out", "main.go"}, Code: 1, Want: "want a folder"},
	})
}
