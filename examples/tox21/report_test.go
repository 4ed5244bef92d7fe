package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
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
		if err := writeTable(&predictions, p, metadata[molecular.Synthetic] != ""); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{results.String(), predictions.String()} {
			if strings.Contains(text, "SYNTHETIC") != synthetic {
				t.Errorf("made up: %v, but the output is %s", synthetic, text)
			}
		}
	}
}
