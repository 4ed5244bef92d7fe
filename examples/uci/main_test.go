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

// The synthetic task, with a made-up table of the paper beside it; started again, the tables are the same.
func TestRun(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	paper := filepath.Join(dir, "paper.csv")
	if err := os.WriteFile(paper, []byte("dataset,n,m,SNN,WeightNorm\nSYNTHETIC,600,13,0.5,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-nets", "snn,weightnorm", "-methods", "naivebayes,logistic,knn", "-q", "-paper", paper, "-out", filepath.Join(dir, "r.jsonl"),
		"-json", filepath.Join(dir, "r.json"), "-figure", filepath.Join(dir, "r.svg")}
	var outputs [2]string
	for i := range outputs {
		var out, err bytes.Buffer
		if code := run(context.Background(), args, &out, &err); code != 0 {
			t.Fatalf("exit code %d: %s", code, err.String())
		}
		outputs[i] = out.String()
	}
	for _, want := range []string{"SYNTHETIC", "rank difference", "Our accuracy minus the paper's", "by depth, over the 1 tasks",
		"All methods on the 1 tasks of fewer than 1,000 rows", "average rank of 5", "ties go to fewer layers", "10.8", "naivebayes"} {
		if !strings.Contains(outputs[0], want) {
			t.Errorf("no %q in\n%s", want, outputs[0])
		}
	}
	if outputs[0] != outputs[1] {
		t.Errorf("first\n%s\nthen\n%s", outputs[0], outputs[1])
	}
	for name, wants := range map[string][]string{
		"r.json": {`"rank_difference"`, `"average_rank"`, `"layers"`}, "r.svg": {"<svg", ">snn<", "paper 10.8"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		for _, want := range wants {
			if err != nil || !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q (%v)", name, want, err)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	empty := t.TempDir()
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-grid", "huge"}, Code: 2, Want: "none of quick, sgd, paper"},
		{Args: []string{"-folds", "5"}, Code: 2, Want: "-folds 5"},
		{Args: []string{"-nets", "cnn"}, Code: 2, Want: "snn"},
		{Args: []string{"-nets", "none"}, Code: 2, Want: "-nets none"},
		{Args: []string{"-methods", "boosting"}, Code: 2, Want: "none of knn"},
		{Args: []string{"-methods", ""}, Code: 2, Want: "-methods"},
		{Args: []string{"-figure", "depths.pdf"}, Code: 2, Want: ".svg or .png"},
		{Args: []string{"-figure", "d.svg", "-nets", "none", "-methods", "knn"}, Code: 2, Want: "networks"},
		{Args: []string{"-figure", filepath.Join(empty, "none", "d.svg")}, Code: 1, Want: "-figure"},
		{Args: []string{"-tasks", ""}, Code: 2, Want: "-tasks"},
		{Args: []string{"-parallel", "-1"}, Code: 2, Want: "-parallel"},
		{Args: []string{"-data", empty, "-tasks", "iris"}, Code: 1, Want: empty},
		{Args: []string{"-data", empty, "-tasks", "iris,iris"}, Code: 2, Want: "twice"},
		{Args: []string{"-tasks", ","}, Code: 2, Want: "empty"},
		{Args: []string{"-tasks", "iris"}, Code: 1, Want: "uci"},
		{Args: []string{"-paper", filepath.Join(empty, "none")}, Code: 1, Want: "none"},
		{Args: []string{"-out", filepath.Join(empty, "r"), "-json", filepath.Join(empty, "r")}, Code: 1, Want: "-json"},
		{Args: []string{"-json", filepath.Join(empty, "none", "r")}, Code: 1, Want: "-json"},
	})
}
