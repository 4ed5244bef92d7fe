package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

func TestErrors(t *testing.T) {
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-unknown"}, 2, "-unknown"},
		{[]string{"x"}, 2, "x"},
		{[]string{"-set", "cifar"}, 2, "mnist10k"},
		{[]string{"-nets", "cnn"}, 2, "snn"},
		{[]string{"-layers", "8,x"}, 2, `"x"`},
		{[]string{"-lr", "NaN"}, 2, "-lr"},
		{[]string{"-batch", "1"}, 2, "-batch 1"},
		{[]string{"-data", t.TempDir()}, 1, "mnist"},
	}
	for _, test := range tests {
		var out, err bytes.Buffer
		code := run(context.Background(), test.args, &out, &err)
		if code != test.code || out.Len() > 0 || strings.Count(err.String(), "\n") != 1 || !strings.Contains(err.String(), test.want) {
			t.Errorf("%v: exit code %d, output %q, error %q", test.args, code, out.String(), err.String())
		}
	}
}
