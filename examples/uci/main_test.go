package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The synthetic task, with a made-up table of the paper beside it; started again, nothing is computed twice.
func TestRun(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	paper := filepath.Join(dir, "paper.csv")
	if err := os.WriteFile(paper, []byte("dataset,n,m,SNN,WeightNorm\nSYNTHETIC,600,13,0.5,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-nets", "snn,weightnorm", "-q", "-paper", paper, "-out", filepath.Join(dir, "r.jsonl"), "-json", filepath.Join(dir, "r.json")}
	var outputs [2]string
	for i := range outputs {
		var out, err bytes.Buffer
		if code := run(context.Background(), args, &out, &err); code != 0 {
			t.Fatalf("exit code %d: %s", code, err.String())
		}
		outputs[i] = out.String()
	}
	for _, want := range []string{"SYNTHETIC", "rank difference", "Median over 1 tasks", "by depth, over the 1 tasks"} {
		if !strings.Contains(outputs[0], want) {
			t.Errorf("no %q in\n%s", want, outputs[0])
		}
	}
	if outputs[0] != outputs[1] {
		t.Errorf("first\n%s\nthen\n%s", outputs[0], outputs[1])
	}
	if text, err := os.ReadFile(filepath.Join(dir, "r.json")); err != nil || !strings.Contains(string(text), `"rank_difference"`) {
		t.Errorf("%v: %s", err, text)
	}
}

func TestErrors(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	empty := t.TempDir()
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-unknown"}, 2, "-unknown"},
		{[]string{"x"}, 2, "x"},
		{[]string{"-grid", "huge"}, 2, "quick, sgd, paper"},
		{[]string{"-folds", "5"}, 2, "-folds 5"},
		{[]string{"-nets", "cnn"}, 2, "snn"},
		{[]string{"-tasks", ""}, 2, "-tasks"},
		{[]string{"-parallel", "-1"}, 2, "-parallel"},
		{[]string{"-data", empty, "-tasks", "iris"}, 1, empty},
		{[]string{"-data", empty, "-tasks", "iris,iris"}, 1, "twice"},
		{[]string{"-paper", filepath.Join(empty, "none")}, 1, "none"},
	}
	for _, test := range tests {
		var out, err bytes.Buffer
		code := run(context.Background(), test.args, &out, &err)
		if code != test.code || out.Len() > 0 || strings.Count(err.String(), "\n") != 1 || !strings.Contains(err.String(), test.want) {
			t.Errorf("%v: exit code %d, output %q, error %q", test.args, code, out.String(), err.String())
		}
	}
}
