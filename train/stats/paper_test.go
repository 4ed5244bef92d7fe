package stats_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/train/stats"
)

func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	if os.Getenv("SELFNORM_DATA") == "" {
		oracle.Missing(t, "SELFNORM_DATA is not set")
	}
	rows, err := csv.NewReader(oracle.Open(t, name)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows
}

// paperScores are the test accuracies of table A11. A data set without the accuracies of all methods is left out.
func paperScores(t *testing.T) *stats.Scores {
	t.Helper()
	rows := readCSV(t, "paper/uci_accuracy.csv")
	const first = 3 // after the name and the two sizes of a data set
	s := &stats.Scores{Methods: rows[0][first:]}
	for _, row := range rows[1:] {
		values := make([]float64, 0, len(s.Methods))
		for _, cell := range row[first:] {
			if v, err := strconv.ParseFloat(cell, 64); err == nil {
				values = append(values, v)
			}
		}
		if len(values) == len(s.Methods) {
			s.DataSets, s.Values = append(s.DataSets, row[0]), append(s.Values, values)
		}
	}
	return s
}

// The paper's accuracies give the order of the methods, the average rank differences and the p-values of its table 1: those
// are of one-sided tests. The published accuracies are rounded and one data set is incomplete, so the numbers agree to 0.05
// ranks and a tenth of p.
func TestPaper(t *testing.T) {
	s := paperScores(t)
	rows := readCSV(t, "paper/uci_rank_difference.csv")[1:] // method, difference, p; best first, which is the reference
	got, err := s.Compare(rows[0][0], stats.Wilcoxon{Alternative: stats.Greater, Resolution: 1e-4})
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d methods, want %d: %v", len(got), len(rows), err)
	}
	for i, c := range got {
		want, err := strconv.ParseFloat(rows[i][1], 64)
		if err != nil || c.Method != rows[i][0] || math.Abs(c.RankDifference-want) > 0.05 {
			t.Errorf("place %d: %s with rank difference %.3f, want %s with %s", i+1, c.Method, c.RankDifference, rows[i][0], rows[i][1])
		}
		if p, err := strconv.ParseFloat(rows[i][2], 64); err == nil && math.Abs(c.P/p-1) > 0.1 {
			t.Errorf("%s: p = %.2g, want %.2g", c.Method, c.P, p)
		}
	}
}
