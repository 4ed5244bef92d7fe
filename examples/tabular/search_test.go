package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// searchOf returns the arguments of a short search on a small table of classes.
func searchOf(data string, more ...string) []string {
	return append([]string{"-q", "-epochs", "8", "-units", "8", "-members", "", "-ensemble", "folds:2", "-data", data, "-target", "kind", "-ignore", "price,hot,rare", "-id", "name", "-compare", "none"}, more...)
}

// searchResult is the part of -json about a search.
type searchResult struct {
	Search  found
	Results map[string]map[string]float64
}

// The best settings are at least as good as those of the flags, they train the very networks that the search has judged, and a setting that a flag gives
// stays. Any number of threads gives the same.
func TestSearch(t *testing.T) {
	dir := t.TempDir()
	var first []byte
	data := write(t, "t.csv", mixed(80))
	for _, threads := range []string{"1", "2"} {
		model, file := filepath.Join(dir, "model"+threads), filepath.Join(dir, "r.json")
		stdout := must(t, searchOf(data, "-search", "9", "-threads", threads, "-json", file, "-out", model, "-report", filepath.Join(dir, "page.html"))...)
		var r searchResult
		decode(t, file, &r)
		f := r.Search
		if f.Value == nil || f.Default == nil || *f.Value > *f.Default {
			t.Fatalf("the search found %v, the flags have %v\n%s", f.Value, f.Default, stdout)
		}
		if out := r.Results["out of fold"]["log loss"]; math.Abs(out-*f.Value) > 1e-9 {
			t.Errorf("the networks have a log loss of %v out of fold, the trial %v", out, *f.Value)
		}
		if _, given := f.Settings["units"]; given || len(f.Trials) != 9+3+1 {
			t.Errorf("%d trials, settings %v", len(f.Trials), f.Settings)
		}
		networks, _, _, err := load(model)
		if err != nil || networks[0].Metadata[searchKey] == "" || !strings.Contains(networks[0].Architecture(), `"units":8`) {
			t.Errorf("the networks are %s, with the trials %q (%v)", networks[0].Architecture(), networks[0].Metadata[searchKey], err)
		}
		if page := string(mustRead(t, filepath.Join(dir, "page.html"))); !strings.Contains(page, "The search of 13 trials") {
			t.Error("the page does not tell of the search")
		}
		if all := mustRead(t, model); first == nil {
			first = all
		} else if !bytes.Equal(all, first) {
			t.Error("the number of threads changes the file")
		}
	}
}

// A search that was killed goes on: finished trials are not repeated, and the networks are the same.
func TestSearchResumes(t *testing.T) {
	dir := t.TempDir()
	trials, model := filepath.Join(dir, "trials.jsonl"), filepath.Join(dir, "model")
	args := searchOf(write(t, "t.csv", mixed(80)), "-search", "6", "-trials", trials, "-out", model)
	must(t, args...)
	all, want := mustRead(t, trials), mustRead(t, model)
	lines := bytes.SplitAfter(all, []byte("\n"))
	part := bytes.Join(lines[:4], nil)
	if err := os.WriteFile(trials, append(bytes.Clone(part), lines[4][:20]...), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, args...)
	if !bytes.Equal(mustRead(t, model), want) {
		t.Error("a search that was killed ends with other networks")
	}
	if again := mustRead(t, trials); !bytes.HasPrefix(again, part) || bytes.Count(again, []byte("\n")) != len(lines)-1 {
		t.Errorf("the file has %d lines, one without interruption %d", bytes.Count(again, []byte("\n")), len(lines)-1)
	}
	code, _, stderr := command(append(args, "-split-seed", "2", "-overwrite")...)
	if code != 1 || !strings.Contains(stderr, trials) || !strings.Contains(stderr, "key") {
		t.Errorf("trials of another division of the rows: exit code %d, %s", code, stderr)
	}
}

// A search with a limit of time ends with the best so far, and never with settings worse than those of the flags. With -checkpoint its trials are there.
func TestSearchTime(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "r.json")
	for _, limit := range []string{"1ms", "300ms"} {
		var r searchResult
		must(t, searchOf(write(t, "t.csv", mixed(80)), "-search", limit, "-json", file, "-checkpoint", filepath.Join(dir, limit))...)
		decode(t, file, &r)
		if f := r.Search; f.Value != nil && f.Default != nil && *f.Value > *f.Default {
			t.Errorf("%s: the search found %v, the flags have %v", limit, *f.Value, *f.Default)
		}
		if _, err := os.Stat(filepath.Join(dir, limit, training.TrialsFile)); err != nil {
			t.Error(err)
		}
	}
}

// Where the flags leave few settings open, a search tries all of them and ends.
func TestSearchFew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	args := searchOf(write(t, "t.csv", mixed(60)), "-lr", "0.001", "-schedule", "cosine", "-batch", "16", "-dropout", "0", "-input-dropout", "0", "-l2", "0", "-average", "0",
		"-scaling", "standardize", "-embed=false", "-json", file)
	for _, amount := range []string{"50", "1m"} {
		var r searchResult
		must(t, append(args, "-search", amount)...)
		if decode(t, file, &r); len(r.Search.Trials) < 4 || len(r.Search.Trials) > 12 {
			t.Errorf("%s: %d trials of four numbers of layers", amount, len(r.Search.Trials))
		}
	}
}

// A regression and a single network are searched by their validation rows.
func TestSearchProblems(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	data := write(t, "t.csv", mixed(90))
	args := []string{"-q", "-epochs", "6", "-units", "8", "-data", data, "-id", "name", "-compare", "none", "-search", "4", "-json", file, "-refit=false"}
	defer func(old int) { firstRows = old }(firstRows)
	firstRows = 30
	for _, c := range [][]string{
		{"-target", "price", "-ignore", "kind,hot,rare"}, {"-target", "hot,rare", "-ignore", "kind,price", "-fast"}, {"-target", "kind", "-ignore", "price,hot,rare", "-fast"},
	} {
		must(t, append(args[:len(args):len(args)], c...)...)
		var r searchResult
		decode(t, file, &r)
		rows := r.Results["validation"]
		if rows == nil {
			rows = r.Results["out of fold"]
		}
		if f := r.Search; f.Value == nil || math.Abs(rows[f.Metric]-*f.Value) > 1e-6*math.Abs(*f.Value) {
			t.Errorf("%v: the trial has %v, the networks %v", c, f.Value, rows)
		}
	}
}

func TestSearchErrors(t *testing.T) {
	trials := write(t, "trials.jsonl", "no trials\n")
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-search", "0"}, Code: 2, Want: "a number of trials, 1 to 100000, or a time"},
		{Args: []string{"-search", "soon"}, Code: 2, Want: "a number of trials"},
		{Args: []string{"-search", "-3m"}, Code: 2, Want: "a number of trials"},
		{Args: []string{"-search", ""}, Code: 2, Want: "a number of trials"},
		{Args: []string{"-search", "5", "-validation-share", "0"}, Code: 2, Want: "want validation rows"},
		{Args: []string{"-trials", "x"}, Code: 2, Want: "-search beside it"},
		{Args: []string{"-search", "5", "-predict", "x", "-model", "y"}, Code: 2, Want: "-search: it means nothing beside -predict"},
		{Args: []string{"-search", "5", "-trials", trials, "-out", trials}, Code: 1, Want: "-trials"},
		{Args: []string{"-search", "2", "-trials", trials, "-epochs", "1"}, Code: 1, Want: "line 1"},
		{Args: []string{"-tabm", "1"}, Code: 2, Want: "0, or 2 to 256"},
		{Args: []string{"-tabm", "4", "-embed"}, Code: 2, Want: "neither -embed"},
		{Args: []string{"-embed", "-net", "resnet"}, Code: 2, Want: "-net snn"},
	})
}
