package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// rows returns the numbers of a Markdown table by the first column.
func rows(t *testing.T, table string, columns int) map[string]float64 {
	t.Helper()
	found := map[string]float64{}
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		if len(cells) <= columns || strings.HasPrefix(line, "| ---") {
			continue
		}
		number := regexp.MustCompile(`^[0-9.e+-]+`).FindString(strings.TrimSpace(cells[columns]))
		if v, err := strconv.ParseFloat(number, 64); err == nil {
			var name []string
			for _, c := range cells[:columns] {
				name = append(name, strings.TrimSpace(c))
			}
			found[strings.Join(name, " | ")] = v
		}
	}
	return found
}

// Each mode prints a positive number for each case that it is asked for.
func TestModes(t *testing.T) {
	patience, tableSizes = time.Millisecond, [2]int{1000, 2000}
	copiedBytes, limitWeights, limitUnits = 1<<20, 1e5, 128
	tabmRows, tabmTimes, tabmUnits, tabmBatch, tabmMember = 32, 1, []int{8}, []int{16}, []int{2}
	base := []string{"-pairs", "1", "-steps", "1", "-threads", "1"}
	for _, test := range []struct {
		name    string
		args    []string
		columns int // that name a row
		want    []string
	}{
		{"steps", []string{"-rows", "64", "-python", "", "-only", "64 x 64"}, 1, []string{
			"step, snn, adam, 64 x 64 -> 8 x 64", "step, snn, sgd, 64 x 64 -> 8 x 64", "step, batchnorm, adam, 64 x 64 -> 8 x 64"}},
		{"prediction", []string{"-rows", "64", "-python", "", "-only", "predict"}, 1, []string{"predict 64 rows, 8 x 1024"}},
		{"growth", []string{"-growth", "-only", "64 | 8 | 128"}, 3, []string{"64 | 8 | 128"}},
		{"convolutions", []string{"-conv", "-python", "", "-only", "5 x 5"}, 1, []string{"5 x 5, 16 x 16 x 14 x 14 -> 32"}},
		{"predictions", []string{"-predict", "-modules", "", "-only", "4 x 64"}, 2, []string{"4 x 64 | 1", "4 x 64 | 2", "4 x 64 | 4", "4 x 64 | 8",
			"4 x 64 | 16", "4 x 64 | 32", "4 x 64 | 64", "4 x 64 | 128", "4 x 64 | 1024"}},
		{"goroutines", []string{"-service", "-requests", "3", "-only", "4 x 64"}, 2, []string{"4 x 64 | 192"}},
		{"sparse", []string{"-sparse", "-only", "tables"}, 1, []string{"embedding of 32 elements, sgd", "embedding of 32 elements, adam"}},
		{"TabM", []string{"-tabm"}, 3, []string{"8 | 16 | 2"}},
		{"products", []string{"-products", "-only", "64 x 64 x 64"}, 1, []string{"NN 64 x 64 x 64"}},
		{"limits", []string{"-limits"}, 1, []string{"copy of 1 MB, GB/s read and written", "reading of 0.1 million weights, 4 bytes each, µs", "step of 128 x 128, ms", "its products alone, ms"}},
	} {
		code, stdout, stderr := programtest.Run(run, append(base, test.args...)...)
		got := rows(t, stdout, test.columns)
		if code != 0 || test.name != "limits" && len(got) != len(test.want) {
			t.Errorf("%s: exit code %d, %d rows: %s%s", test.name, code, len(got), stdout, stderr)
		}
		for _, name := range test.want {
			if v := got[name]; !(v > 0) || math.IsInf(v, 0) {
				t.Errorf("%s: %q is %v in\n%s", test.name, name, v, stdout)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: `"x"`},
		{Args: []string{"-pairs", "0"}, Code: 2, Want: "-pairs 0"},
		{Args: []string{"-threads", "-1"}, Code: 2, Want: "-threads -1"},
		{Args: []string{"-calibration"}, Code: 2, Want: "-tasks"},
		{Args: []string{"-calibration", "-tasks", "absent.csv"}, Code: 1, Want: "absent.csv"},
		{Args: []string{"-requests", "3"}, Code: 2, Want: "-requests 3"},
		{Args: []string{"-growth", "-limits"}, Code: 2, Want: "want one of them"},
		{Args: []string{"-history", "f", "-growth"}, Code: 2, Want: "-history f"},
	})
}
