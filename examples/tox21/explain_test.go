package main

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The lines of the table add up to the log-odds of the probability that -predict prints; the drawing has the atoms.
func testExplanations(t *testing.T, model string) {
	dir := t.TempDir()
	table, drawing := filepath.Join(dir, "t.csv"), filepath.Join(dir, "d.svg")
	for _, smiles := range []string{"O=[N+]([O-])c1ccc(Cl)cc1", "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O", "CC(=O)[O-].[Na+]", "C"} {
		code, stdout, stderr := command("-model", model, "-explain", smiles, "-task", "SR-ATAD5", "-out", table, "-drawing", drawing)
		if code != 0 || stderr != "" || !strings.Contains(stdout, "this molecule") || strings.Contains(stdout, "absent ") {
			t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
		}
		file, err := os.Open(table)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sum, atoms := 0.0, 0
		for _, line := range lines[1 : len(lines)-1] {
			v, err := strconv.ParseFloat(line[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += v
			if line[0] == "atom" {
				atoms++
			}
		}
		want, err := strconv.ParseFloat(lines[len(lines)-1][2], 64)
		if err != nil || math.Abs(sum-want) > 1e-5 {
			t.Errorf("%s: the lines add up to %v, want %v (%v)", smiles, sum, want, err)
		}
		if _, predicted, _ := command("-model", model, "-predict", smiles); !strings.Contains(predicted, strconv.FormatFloat(1/(1+math.Exp(-want)), 'f', 4, 64)) {
			t.Errorf("%s: log-odds %v, predictions\n%s", smiles, want, predicted)
		}
		if svg, err := os.ReadFile(drawing); err != nil || atoms == 0 || !strings.HasPrefix(string(svg), "<svg") {
			t.Errorf("%s: %d atoms, drawing %s (%v)", smiles, atoms, svg, err)
		}
	}
	for _, test := range []struct {
		code int
		say  string
		args []string
	}{
		{2, "want one of NR.AhR", []string{"-explain", "C", "-model", model}},
		{2, "-explain beside it", []string{"-task", "SR.p53"}},
		{2, "means nothing beside -explain", []string{"-explain", "C", "-model", model, "-task", "SR.p53", "-epochs", "3"}},
		{2, "want the file of trained networks", []string{"-explain", "C", "-task", "SR.p53"}},
		{1, "-explain C1CC: ", []string{"-explain", "C1CC", "-task", "SR.p53", "-model", model}},
		{1, "-drawing", []string{"-explain", "C", "-task", "SR.p53", "-model", model, "-drawing", model}},
		{1, "more than 2000", []string{"-explain", strings.Repeat("C", 2100), "-task", "SR.p53", "-model", model}},
	} {
		if code, _, stderr := command(test.args...); code != test.code || !strings.Contains(stderr, test.say) {
			t.Errorf("%v: exit code %d, %s", test.args[:4], code, stderr)
		}
	}
}
