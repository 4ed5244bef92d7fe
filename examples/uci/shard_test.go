package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/train/search"
)

// Shards, merged, and trials that other processes serve, merged, give the tables of one run.
func TestShards(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	args := func(more ...string) []string {
		return append([]string{"-nets", "none", "-methods", "naivebayes,logistic,knn,tree", "-q"}, more...)
	}
	must := func(more ...string) string {
		t.Helper()
		code, stdout, stderr := programtest.Run(run, args(more...)...)
		if code != 0 {
			t.Fatalf("%q: exit code %d: %s", more, code, stderr)
		}
		return stdout
	}
	want := must()

	out := filepath.Join(dir, "r.jsonl")
	t.Setenv("JOB_COMPLETION_INDEX", "1")
	must("-out", out, "-shard", "1/3")
	if text := must("-out", out, "-shard", "auto/3"); text != "" {
		t.Errorf("a shard prints %q", text)
	}
	if code, _, stderr := programtest.Run(run, args("-out", out, "-merge")...); code != 1 || !strings.Contains(stderr, "1 of 4 trials are missing: task=SYNTHETIC fold=0 method=knn") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	must("-out", out, "-shard", "3/3")
	if got := must("-out", out, "-merge"); got != want {
		t.Errorf("merged:\n%s\nwant\n%s", got, want)
	}
	if trials, err := search.ReadTrials(out); err != nil || len(trials) != 4 || !strings.HasPrefix(trials[0].Data, "SYNTHETIC ") || trials[0].CPU == "" {
		t.Errorf("%d trials, %v", len(trials), err)
	}

	out = filepath.Join(dir, "served.jsonl")
	jobs := must("-out", out, "-trials", "list")
	stdin = strings.NewReader(jobs)
	answers := must("-trials", "serve")
	stdin = os.Stdin
	if err := os.WriteFile(filepath.Join(dir, "served.shard-x.jsonl"), []byte(answers), 0o666); err != nil {
		t.Fatal(err)
	}
	if rest := must("-out", out, "-trials", "list"); strings.Count(jobs, "\n") != 4 || rest != "" {
		t.Errorf("listed:\n%s\nthen\n%s", jobs, rest)
	}
	if got := must("-out", out, "-merge"); got != want {
		t.Errorf("served:\n%s\nwant\n%s", got, want)
	}
}

func TestShardErrors(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("JOB_COMPLETION_INDEX", "")
	out := filepath.Join(t.TempDir(), "r")
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-shard", "1/3"}, Code: 2, Want: "-out"},
		{Args: []string{"-merge"}, Code: 2, Want: "-out"},
		{Args: []string{"-out", out, "-shard", "4/3"}, Code: 2, Want: "-shard 4/3"},
		{Args: []string{"-out", out, "-shard", "auto/3"}, Code: 2, Want: "JOB_COMPLETION_INDEX"},
		{Args: []string{"-out", out, "-shard", "1/3", "-merge"}, Code: 2, Want: "only one"},
		{Args: []string{"-out", out, "-trials", "all"}, Code: 2, Want: "list or serve"},
		{Args: []string{"-out", out, "-merge", "-nets", "snn", "-q"}, Code: 1, Want: "12 of 12 trials are missing"},
	})
}
