package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// command runs the program and returns its exit code and what it printed.
func command(args ...string) (code int, stdout, stderr string) { return programtest.Run(run, args...) }

// few makes the program find some of the real compounds, one training row in 20 and one test row in 4, so that runs are short.
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
	testExplanations(t, filepath.Join(dir, "model"))
	t.Run("continued", func(t *testing.T) { testContinued(t, filepath.Join(dir, "model")) })
	t.Run("Parquet", func(t *testing.T) { testParquet(t, filepath.Join(dir, "model")) })
	testDamage(t, filepath.Join(dir, "model"))
}

// Folds give a network each, and a score on training rows by networks that have not seen them.
func TestFolds(t *testing.T) {
	few(t)
	dir := t.TempDir()
	code, stdout, stderr := command("-quick", "-q", "-epochs", "1", "-units", "8", "-ensemble", "folds:5", "-out", filepath.Join(dir, "model"), "-report", filepath.Join(dir, "page.html"))
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
	testPredictions(t, filepath.Join(dir, "model"))
}

// The change of a digit anywhere in a saved file is an error.
func testDamage(t *testing.T, model string) {
	whole, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged")
	var digits []int
	for i, b := range whole {
		if b >= '0' && b <= '9' {
			digits = append(digits, i)
		}
	}
	for k := range 60 {
		i := digits[k*len(digits)/60]
		text := slices.Clone(whole)
		text[i] = '0' + (text[i]-'0'+1)%10
		if err := os.WriteFile(damaged, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := molecular.Load(damaged); err == nil || !strings.Contains(err.Error(), damaged) {
			t.Errorf("byte %d of %d: %v", i, len(whole), err)
		}
	}
}

// Without -data the program takes the real compounds, and says so; here it ends before the training.
func TestBare(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	out := programtest.NewStopAt(context.Background(), "trainable parameters")
	var stderr bytes.Buffer
	if code := run(out.Context, []string{"-q", "-features", "ecfp-sparse"}, out, &stderr); code != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	for _, want := range []string{
		"the real compounds of the Tox21 Data Challenge 2014", "NIH, EPA and FDA", "12,060 training compounds", "Rows: 12,060 for training (6 unreadable, left out), 647 for test",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
}

// Wrong flags end with code 2, bad files and molecules with code 1; both with one line and no other output.
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
	made := filepath.Join(t.TempDir(), "made")
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"more"}, Code: 2, Want: "more"},
		{Args: []string{"-layers", "many"}, Code: 2, Want: "layers"},
		{Args: []string{"-layers", "-1"}, Code: 2, Want: "-layers -1"},
		{Args: []string{"-lr", "NaN"}, Code: 2, Want: "-lr NaN"},
		{Args: []string{"-optimizer", "adamx"}, Code: 2, Want: "-optimizer adamx: want adadelta, adagrad"},
		{Args: []string{"-schedule", "linear"}, Code: 2, Want: "-schedule linear: want constant, cosine"},
		{Args: []string{"-net", "cnn"}, Code: 2, Want: "snn, msrainit"},
		{Args: []string{"-ensemble", "trees:5"}, Code: 2, Want: "-ensemble trees:5: want seeds:N"},
		{Args: []string{"-ensemble", "folds:3"}, Code: 2, Want: "five official folds"},
		{Args: []string{"-ensemble", "folds:5", "-validation", "1"}, Code: 2, Want: "without -validation"},
		{Args: []string{"-input-rate", "0"}, Code: 2, Want: "-input-rate 0: want a positive"},
		{Args: []string{"-validation", "7"}, Code: 2, Want: "-validation 7"},
		{Args: []string{"-predict", "C"}, Code: 2, Want: "-model FILE"},
		{Args: []string{"-predict", "C", "-model", "m", "-epochs", "2"}, Code: 2, Want: "-epochs"},
		{Args: []string{"-predict", "C", "-model", "m", "-threads", "-1"}, Code: 2, Want: "-threads -1"},
		{Args: []string{"-synthetic", "-data", empty}, Code: 2, Want: "-synthetic true"},
		{Args: []string{"-ensemble", "seeds:2", "-onnx", made}, Code: 2, Want: "-onnx"},
		{Args: []string{"-data", filepath.Join(empty, "none")}, Code: 1, Want: "none"},
		{Args: []string{"-data", empty}, Code: 1, Want: empty},
		{Args: []string{"-onnx", filepath.Join(empty, "none", "net.onnx")}, Code: 1, Want: "-onnx"},
		{Args: []string{"-json", made, "-out", made}, Code: 1, Want: "-json"},
		{Args: []string{"-checkpoint", "main.go"}, Code: 1, Want: "want a folder"},
		{Args: []string{"-predict", "C", "-model", empty}, Code: 1, Want: "is a folder"},
		{Args: []string{"-predict", "C", "-model", made}, Code: 1, Want: made},
		{Args: []string{"-data", file(header + "a,training,0,CC,7,,,,,,,,,,,,training\n")}, Code: 1, Want: "tox21.smiles.csv.gz:2"},
		{Args: []string{"-data", file(header + "a,training,0,CC\n")}, Code: 1, Want: "tox21.smiles.csv.gz:2"},
		{Args: []string{"-data", file("\x1f\x8b\x08\x00")}, Code: 1, Want: "tox21.smiles.csv.gz"},
	})
}
