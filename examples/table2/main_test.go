package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/train/search"
)

var tiny = []string{"-nets", "snn,resnet", "-layers", "2,32", "-epochs", "1", "-units", "8", "-repeats", "2", "-folds", "1", "-q", "-out"}

// few makes a small part of the real compounds the data: all for the test, and some of the others.
func few(t *testing.T) {
	t.Helper()
	f, err := os.Open("../../datasets/tox21/data/tox21.smiles.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	lines := bufio.NewScanner(zip)
	for n := 0; lines.Scan(); n++ {
		if n%30 == 0 || strings.HasSuffix(lines.Text(), ",test") {
			kept.WriteString(lines.Text() + "\n")
		}
	}
	root := t.TempDir()
	dir := filepath.Join(root, "tox21")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tox21.smiles.csv.gz"), []byte(kept.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SELFNORM_DATA", root)
}

// A run that lost its last trials goes on to the same tables.
func TestResume(t *testing.T) {
	few(t)
	dir := t.TempDir()
	code, whole, stderr := programtest.Run(run, append(tiny, dir)...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"Mean ROC-AUC of the 12 tasks", "Delta PR-AUC", "net=snn layers=32 units=8", "best: "} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}
	trials := filepath.Join(dir, trialsFile)
	text, err := os.ReadFile(trials)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	if err := os.WriteFile(trials, bytes.Join(lines[:len(lines)-4], nil), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, again, stderr := programtest.Run(run, append(tiny, dir)...); code != 0 || again != whole {
		t.Errorf("exit code %d: %s\n%s\nwant\n%s", code, stderr, again, whole)
	}
	checkJSON(t, filepath.Join(dir, jsonFile))
	for _, name := range []string{tableFile, figure + ".svg", figure + ".png"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Shards run the first step; merged, they run the second one. Merged again, they give the tables of one run.
func TestShards(t *testing.T) {
	few(t)
	var p *problem
	part := func(dir string, more ...string) (*report, error) {
		o, code := parseFlags(append(append(tiny[:len(tiny)-1:len(tiny)-1], more...), "-out", dir), &bytes.Buffer{})
		if code >= 0 {
			t.Fatalf("exit code %d", code)
		}
		if p == nil {
			var err error
			if p, err = load(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		return (&experiment{o, p}).report(t.Context(), nil, io.Discard, io.Discard)
	}
	want, err := part(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for round := range 2 {
		for _, shard := range []string{"1/3", "2/3", "3/3"} {
			if r, err := part(dir, "-shard", shard); err != nil || round == 0 && r != nil {
				t.Fatal(r, err)
			}
		}
		got, err := part(dir, "-merge")
		switch {
		case round == 0 && (err == nil || !strings.Contains(err.Error(), "6 of 6 trials are missing")):
			t.Error(err)
		case round == 1 && (err != nil || cmp.Diff(want, got, cmpopts.IgnoreUnexported(report{})) != ""):
			t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got, cmpopts.IgnoreUnexported(report{})))
		}
	}
}

// checkJSON checks the entries of the file: one for each depth of each network, with as many areas as repeats, and tasks that agree with them.
func checkJSON(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil || len(r.Cells) != 3 || len(r.Pairs) != 2 {
		t.Fatalf("%d cells, %d pairs, %v", len(r.Cells), len(r.Pairs), err)
	}
	for _, c := range r.Cells {
		if len(c.ROCAUC) != 2 || len(c.DeltaPRAUC) != 2 || math.Abs(mean(c.Tasks)-mean(c.ROCAUC)) > 1e-9 {
			t.Errorf("%+v", c)
		}
	}
}

// The settings with the best mean over the folds are chosen; a failure on one fold leaves settings out, and equal means are decided as in the paper.
func TestChoose(t *testing.T) {
	e := &experiment{options: options{grid: quick, epochs: 3, folds: 2}}
	settings, err := (&options{grid: quick, units: 4}).settings("snn", 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name       string
		a, b       []float64 // by settings, on the two folds; NaN failed
		want, lost int
	}{
		{"mean", []float64{0.7, 0.9, 0.6, 0.6}, []float64{0.7, 0.4, 0.9, 0.6}, 2, 0},
		{"failure", []float64{0.7, 0.9, 0.6, 0.6}, []float64{0.7, math.NaN(), math.NaN(), 0.9}, 3, 2},
		{"tie", []float64{0.5, 0.5, 0.5, 0.5}, []float64{0.5, 0.5, 0.5, 0.5}, 1, 0}, // the lower rate, then the higher dropout
	} {
		trials := trialsOf(settings, test.a, test.b)
		c := choice{net: "snn", layers: 2}
		if err := c.choose(settings, e, trials); err != nil || c.point.String() != settings[test.want].String() || c.failed != test.lost || c.epochs != 3 {
			t.Errorf("%s: %s, %d failed, %v; want %s", test.name, c.point, c.failed, err, settings[test.want])
		}
	}
	c := choice{net: "snn", layers: 2}
	if err := c.choose(settings, e, nil); err == nil || !strings.Contains(err.Error(), "all 4 settings failed") {
		t.Error(err)
	}
}

// A signal ends the run; the same command goes on.
func TestCanceled(t *testing.T) {
	few(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, stderr bytes.Buffer
	if code := run(ctx, append(tiny, t.TempDir()), &out, &stderr); code != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

func TestErrors(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	bad := filepath.Join(t.TempDir(), "paper.csv")
	if err := os.WriteFile(bad, []byte("method,layers\nSNN,x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-grid", "huge"}, Code: 2, Want: "none of quick, paper"},
		{Args: []string{"-nets", "cnn"}, Code: 2, Want: "snn"},
		{Args: []string{"-layers", "2,2"}, Code: 2, Want: "-layers 2,2"},
		{Args: []string{"-layers", "0"}, Code: 2, Want: "-layers 0"},
		{Args: []string{"-folds", "6"}, Code: 2, Want: "-folds 6"},
		{Args: []string{"-repeats", "0"}, Code: 2, Want: "-repeats 0"},
		{Args: []string{"-synthetic", "-features", "official"}, Code: 2, Want: "-synthetic"},
		{Args: []string{"-features", "official"}, Code: 1, Want: "tox21"},
		{Args: []string{"-paper", bad + "none"}, Code: 1, Want: "-paper"},
	})
	if _, err := readPaper(bad); err == nil || !strings.Contains(err.Error(), "want a header") {
		t.Error(err)
	}
}

// trialsOf are the trials of settings on two folds.
func trialsOf(settings []search.Point, folds ...[]float64) map[string]search.TrialResult {
	trials := map[string]search.TrialResult{}
	for fold, scores := range folds {
		for i, p := range settings {
			p = p.With("fold", fold)
			t := search.TrialResult{Point: p, Score: scores[i], Best: 1}
			if math.IsNaN(scores[i]) {
				t = search.TrialResult{Point: p, Failure: "diverged"}
			}
			trials[p.String()] = t
		}
	}
	return trials
}
