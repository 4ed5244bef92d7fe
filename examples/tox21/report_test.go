package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train"
)

// Published results stand beside those on the official test rows, and nowhere else.
func TestPublished(t *testing.T) {
	for name, c := range map[string]struct {
		report *report
		want   bool
	}{
		"official":   {&report{on: "test", Split: official, RowsTest: 647}, true},
		"validation": {&report{on: "validation", Split: official, RowsTest: 647}, false},
		"made up":    {&report{on: "test", Split: official, RowsTest: 647, Synthetic: true}, false},
		"few rows":   {&report{on: "test", Split: official, RowsTest: 161}, false},
		"random":     {&report{on: "test", Split: random, RowsTest: 647}, false},
		"scaffold":   {&report{on: "test", Split: scaffold, RowsTest: 647}, false},
	} {
		var out bytes.Buffer
		c.report.Summary = &training.Summary{Networks: 1}
		if err := c.report.Print(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "SNN of the paper 0.845") != c.want {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

// The curve of the test rows ends at the result on them, though the molecules of some cannot be read, and the page names no folder.
func TestCurveEndsAtResult(t *testing.T) {
	few(t)
	source := filepath.Join(os.Getenv("SELFNORM_DATA"), "tox21", "tox21.smiles.csv.gz")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if fields := strings.Split(line, ","); i%5 == 0 && strings.HasSuffix(line, ",test") {
			fields[3] = ""
			lines[i] = strings.Join(fields, ",")
		}
	}
	if err := os.WriteFile(source, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	code, stdout, stderr := command("-quick", "-q", "-epochs", "2", "-units", "8", "-report", file)
	page, err := os.ReadFile(file)
	if code != 0 || err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, stderr)
	}
	result := regexp.MustCompile(`(?m)^ *mean +(\d\.\d+)`).FindStringSubmatch(stdout)
	curve := regexp.MustCompile(`"label":"ROC-AUC: [^"]* test rows: from [\d.]+ to ([\d.]+)\."`).FindSubmatch(page)
	if result == nil || curve == nil || string(curve[1]) != result[1] {
		t.Errorf("the curve ends at %q, the result is %q", curve, result)
	}
	for _, dir := range []string{os.Getenv("SELFNORM_DATA"), filepath.Dir(file)} {
		if strings.Contains(string(page), dir) || strings.Contains(string(page), "Made-up") {
			t.Errorf("the page names %s, or says that the data are made up", dir)
		}
	}
}

// Results and predictions of networks that were trained on made-up compounds say so, and only those.
func TestSynthetic(t *testing.T) {
	p := &train.Predictions{Rows: 1, Outputs: tox21.NumTasks, Values: make([]float64, tox21.NumTasks)}
	for _, synthetic := range []bool{false, true} {
		r := &report{Summary: &training.Summary{Networks: 1}, Synthetic: synthetic}
		var results, predictions bytes.Buffer
		if err := r.Print(&results); err != nil {
			t.Fatal(err)
		}
		metadata, err := r.Metadata()
		if err != nil {
			t.Fatal(err)
		}
		if err := writeTable(&predictions, p, metadata[syntheticKey] != ""); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{results.String(), predictions.String()} {
			if strings.Contains(text, "SYNTHETIC") != synthetic {
				t.Errorf("made up: %v, but the output is %s", synthetic, text)
			}
		}
	}
}
