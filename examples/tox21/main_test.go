package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// command runs the program and returns its exit code and what it printed.
func command(args ...string) (code int, stdout, stderr string) { return programtest.Run(run, args...) }

// few makes the program find some of the real compounds, one training row in 20 and one test row in 4, so that a run is quick.
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
		if n%20 == 0 || n%4 == 0 && strings.HasSuffix(lines.Text(), ",test") {
			kept.WriteString(lines.Text() + "\n")
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	dir := filepath.Join(root, "tox21")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tox21.smiles.csv.gz"), []byte(kept.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SELFNORM_DATA", root)
	t.Setenv("SELFNORM_CACHE", t.TempDir())
}

func TestQuickRun(t *testing.T) {
	few(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "r.json")
	code, stdout, stderr := command("-quick", "-q", "-epochs", "1", "-ensemble", "seeds:2", "-out", filepath.Join(dir, "model"), "-json", file,
		"-log", filepath.Join(dir, "curves.csv"), "-tensorboard", filepath.Join(dir, "runs"))
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range append(tox21.Tasks(), "the real compounds of the Tox21 Data Challenge 2014", "hidden2", "positives", "mean") {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in the output:\n%s", want, stdout)
		}
	}
	var r struct {
		Synthetic bool               `json:"synthetic"`
		Net       string             `json:"net"`
		RowsTrain int                `json:"rows_train"`
		RowsTest  int                `json:"rows_test"`
		Mean      float64            `json:"mean_auc"`
		Tasks     map[string]float64 `json:"tasks"`
		Params    int                `json:"params"`
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.Synthetic || r.Net != "snn" || r.RowsTrain == 0 || r.RowsTest == 0 || r.Params == 0 || len(r.Tasks) == 0 || r.Mean < 0.5 || r.Mean > 1 {
		t.Errorf("JSON %s", text)
	}
	testLogs(t, dir)
	testPredictions(t, filepath.Join(dir, "model"))
}

// Folds give a network each, and a score on training rows by networks that have not seen them.
func TestFolds(t *testing.T) {
	few(t)
	dir := t.TempDir()
	code, stdout, stderr := command("-quick", "-q", "-epochs", "1", "-units", "8", "-ensemble", "folds:5", "-out", dir, "-report", filepath.Join(dir, "page.html"))
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"network 5 of 5, fold 4", "out of fold", "mean of the predictions of 5 networks"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in the output:\n%s", want, stdout)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil || !strings.Contains(string(page), "rows held out") {
		t.Errorf("page of %d bytes: %v", len(page), err)
	}
	testPredictions(t, dir)
}

func testPredictions(t *testing.T, model string) {
	code, stdout, stderr := command("-out", model, "-predict", "CC(=O)Oc1ccccc1C(=O)O")
	if code != 0 || strings.Count(stdout, "NR.") != 7 || strings.Count(stdout, "SR.") != 5 {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "molecules")
	if err := os.WriteFile(file, []byte("CCO ethanol\n\nc1ccccc1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr = command("-out", model, "-predict", file); code != 0 || strings.Count(stdout, "\n") != 3 {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if err := os.WriteFile(file, []byte("CCO\nC1CC\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr = command("-out", model, "-predict", file); code != 1 || stdout != "" || !strings.Contains(stderr, file+":2") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

// Flags that make no sense end with code 2, bad files and molecules with code 1; both with one line and no other output.
func TestErrors(t *testing.T) {
	few(t)
	empty := t.TempDir()
	header := "id,set,cvfold,smiles," + strings.Join(tox21.Tasks(), ",") + ",official_set\n"
	file := func(text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "tox21.smiles.csv.gz"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"unknown flag", []string{"-unknown"}, 2, "-unknown"},
		{"argument", []string{"more"}, 2, "more"},
		{"no number", []string{"-layers", "many"}, 2, "layers"},
		{"negative layers", []string{"-layers", "-1"}, 2, "-layers -1"},
		{"no units", []string{"-units", "0"}, 2, "-units 0"},
		{"dropout of 1", []string{"-dropout", "1"}, 2, "-dropout 1"},
		{"NaN rate", []string{"-lr", "NaN"}, 2, "-lr NaN"},
		{"unknown optimizer", []string{"-optimizer", "adamx"}, 2, "-optimizer adamx: want adadelta, adagrad"},
		{"unknown schedule", []string{"-schedule", "linear"}, 2, "-schedule linear: want constant, cosine"},
		{"unknown net", []string{"-net", "cnn"}, 2, "snn, msrainit"},
		{"unknown form", []string{"-form", "round"}, 2, "conic"},
		{"batch of one", []string{"-batch", "1"}, 2, "-batch 1"},
		{"unknown ensemble", []string{"-ensemble", "trees:5"}, 2, "-ensemble trees:5: want seeds:N"},
		{"other folds", []string{"-ensemble", "folds:3"}, 2, "five official folds"},
		{"folds and a fold", []string{"-ensemble", "folds:5", "-validation", "1"}, 2, "without -validation"},
		{"fold", []string{"-validation", "7"}, 2, "-validation 7"},
		{"predict without a model", []string{"-predict", "C"}, 2, "-out"},
		{"made up and given", []string{"-synthetic", "-data", empty}, 2, "-synthetic true"},
		{"missing folder", []string{"-data", filepath.Join(empty, "none")}, 1, "none"},
		{"empty folder", []string{"-data", empty}, 1, empty},
		{"no model", []string{"-predict", "C", "-out", empty}, 1, "features.json"},
		{"invalid SMILES", []string{"-predict", "C1CC", "-out", empty}, 1, "column"},
		{"label of 7", []string{"-data", file(header + "a,training,0,CC,7,,,,,,,,,,,,training\n")}, 1, "tox21.smiles.csv.gz:2"},
		{"columns", []string{"-data", file(header + "a,training,0,CC\n")}, 1, "tox21.smiles.csv.gz:2"},
		{"truncated gzip", []string{"-data", file("\x1f\x8b\x08\x00")}, 1, "tox21.smiles.csv.gz"},
	}
	for _, test := range tests {
		code, stdout, stderr := command(test.args...)
		if code != test.code || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: exit code %d, output %q, error %q; want code %d and %q", test.name, code, stdout, stderr, test.code, test.want)
		}
	}
}
