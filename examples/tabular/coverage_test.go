package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// With -coverage a training judges sets on the test rows, and predictions have a column for each class, 1 for a likely one; -calibrate=false leaves the
// network as it is.
func TestCoverageOfClasses(t *testing.T) {
	dir := t.TempDir()
	model, table, file := filepath.Join(dir, "m"), filepath.Join(dir, "t.csv"), filepath.Join(dir, "r.json")
	if err := os.WriteFile(table, []byte("petal width,petal length,sepal width,sepal length\n0.2,1.4,3.5,5.1\n1.5,4.8,3,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, append(small, "-data", "iris", "-epochs", "30", "-coverage", "0.9", "-json", file, "-out", model)...)
	r := fromJSON(t, file)
	if c := r.Coverage; c == nil || c.Promised != 0.9 || c.Covered < 0.7 || c.Size == nil {
		t.Errorf("coverage %+v", c)
	}
	if c := r.Calibration; c == nil || c.LogLossBefore == nil || c.LogLossAfter == nil || *c.LogLossAfter != r.Results["test"]["log loss"] {
		t.Errorf("calibration %+v", c)
	}
	records, err := csv.NewReader(strings.NewReader(must(t, "-predict", table, "-model", model, "-coverage", "0.9"))).ReadAll()
	if err != nil || len(records) != 3 {
		t.Fatal(err, records)
	}
	if got := records[0][4]; !strings.HasSuffix(got, " in set=setosa") || records[1][4] != "1" || records[1][6] != "0" {
		t.Errorf("sets %v", records)
	}
	must(t, append(small, "-data", "iris", "-epochs", "3", "-calibrate=false", "-out", model)...)
	if net, err := graphs.Load(model); err != nil || net.Outputs[0].Calibration != nil {
		t.Errorf("calibrated, or %v", err)
	}
}

// Intervals contain the prediction, and grow with the coverage.
func TestCoverageOfNumbers(t *testing.T) {
	dir := t.TempDir()
	model, table := filepath.Join(dir, "m"), filepath.Join(dir, "t.csv")
	text := "x,y\n"
	for i := range 200 {
		text += strconv.Itoa(i*37%101) + ".5," + strconv.Itoa(3*i+i*i%7) + "\n"
	}
	if err := os.WriteFile(table, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, append(small, "-data", table, "-target", "y", "-problem", "regression", "-epochs", "5", "-out", model)...)
	width := 0.0
	for _, coverage := range []string{"0.5", "0.9"} {
		records, err := csv.NewReader(strings.NewReader(must(t, "-predict", table, "-model", model, "-coverage", coverage))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var v [3]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(records[1][i], 64); err != nil {
				t.Fatal(err)
			}
		}
		if !(v[1] <= v[0] && v[0] <= v[2]) || v[2]-v[1] < width {
			t.Errorf("coverage %s: %v after a width of %v", coverage, v, width)
		}
		width = v[2] - v[1]
	}
}

// A coverage that cannot be promised is an error.
func TestCoverageErrors(t *testing.T) {
	model := filepath.Join(t.TempDir(), "m")
	must(t, append(small, "-data", "iris", "-epochs", "1", "-validation-share", "0", "-out", model)...)
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-coverage", "1"}, Code: 2, Want: "-coverage 1"},
		{Args: []string{"-predict", os.DevNull, "-model", model, "-coverage", "0.9"}, Code: 1, Want: "-coverage: " + model},
	})
}
