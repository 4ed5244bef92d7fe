package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The curve of the judged rows ends at the result, although some of their molecules cannot be read.
func TestCurveEndsAtTheResult(t *testing.T) {
	few(t)
	dir := t.TempDir()
	log, result, page := filepath.Join(dir, "l.csv"), filepath.Join(dir, "r.json"), filepath.Join(dir, "r.html")
	if code, _, stderr := command("-quick", "-q", "-epochs", "2", "-units", "8", "-log", log, "-json", result, "-report", page); code != 0 {
		t.Fatal(stderr)
	}
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Mean float64 `json:"mean_auc"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, cell := range lines[len(lines)-1] {
		v, err := strconv.ParseFloat(cell, 64)
		found = found || err == nil && math.Abs(v-r.Mean) < 1e-6
	}
	if !found {
		t.Errorf("the curve ends with %v, the result is %g", lines[len(lines)-1], r.Mean)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(html), "ade-up data") || strings.Contains(string(html), os.Getenv("SELFNORM_DATA")) {
		t.Error("the page of real compounds says that they are made up, or names a folder of this machine")
	}
}
