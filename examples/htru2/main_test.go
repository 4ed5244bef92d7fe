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

// One fold of the stand-in; started again, nothing is computed twice and the table is the same.
func TestRun(t *testing.T) {
	args := []string{"-synthetic", "-nets", "weightnorm", "-methods", "naive-bayes,svm", "-folds", "1", "-q", "-out", filepath.Join(t.TempDir(), "new")}
	var tables [2]string
	for i := range tables {
		code, stdout, stderr := programtest.Run(run, args...)
		if code != 0 || stderr != "" {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		tables[i] = stdout
	}
	if tables[0] != tables[1] || !strings.Contains(tables[0], "SYNTHETIC") || !strings.Contains(tables[0], "weightnorm") {
		t.Errorf("first\n%s\nthen\n%s", tables[0], tables[1])
	}
}

// Without flags the program takes the real candidates, and says so before the search begins.
func TestBare(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	out := programtest.NewStopAt(context.Background(), "folds.")
	var stderr bytes.Buffer
	if code := run(out.Context, []string{"-q"}, out, &stderr); code != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	for _, want := range []string{"the real pulsar candidates of HTRU2", "UCI Machine Learning Repository", "Rows: 17898, 8 features; 10 of 10 folds"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
}

func TestErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-grid", "huge"}, Code: 2, Want: "none of quick, sgd, paper"},
		{Args: []string{"-folds", "11"}, Code: 2, Want: "-folds 11"},
		{Args: []string{"-nets", "cnn"}, Code: 2, Want: "snn"},
		{Args: []string{"-methods", "forest"}, Code: 2, Want: "naive-bayes, naive-bayes-kernel, c4.5, svm, svm-balanced"},
		{Args: []string{"-methods", "svm,svm"}, Code: 2, Want: "twice"},
		{Args: []string{"-synthetic", "-data", "x"}, Code: 2, Want: "-synthetic true"},
		{Args: []string{"-parallel", "-1"}, Code: 2, Want: "-parallel"},
		{Args: []string{"-data", t.TempDir()}, Code: 1, Want: "HTRU"},
		{Args: []string{"-out", file}, Code: 1, Want: "-out"},
	})
}
