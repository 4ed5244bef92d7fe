package report_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/report"
)

// The page shows the largest contributions first, with bars to the side of their sign, and the rest as one.
func TestContributions(t *testing.T) {
	c := report.Contributions{Name: "Test rows", Note: "Log-odds.", Columns: []string{"a<b", "size", "none"}, Mean: []float64{0.5, 2, 0},
		Rows: []report.Contribution{{Name: "row 1", Baseline: -1, Value: 0.5, Values: []float64{2, -0.5, 0}, Cells: []string{"red", "3", ""}}}}
	page := func(c ...report.Contributions) string {
		var b bytes.Buffer
		if err := report.Render(&b, report.Run{Title: "x", Contributions: c}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := page(c)
	for _, want := range []string{
		"<h2>Test rows</h2>", "a&lt;b = red", `<rect class="for" x="50.0" width="50.0"`, `<rect class="against" x="37.5" width="12.5"`,
		`<rect class="amount" x="0.0" width="100.0"`, "&#43;2.0000", "-0.5000", "baseline -1.0000, this row 0.5000",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text[:strings.Index(text, "<script")])
		}
	}
	if strings.Index(text, ">size<") > strings.Index(text, ">a&lt;b<") {
		t.Error("the mean of size comes second")
	}
	c.Columns, c.Mean, c.Rows = nil, nil, nil
	for k := range 40 {
		c.Columns, c.Mean = append(c.Columns, fmt.Sprint("column", k)), append(c.Mean, 1)
	}
	for range 60 {
		c.Rows = append(c.Rows, report.Contribution{Values: make([]float64, 40)})
	}
	if text := page(c); !strings.Contains(text, "25 other columns") || !strings.Contains(text, "The first 50 rows of 60") {
		t.Error("no rest")
	}
	c.Mean[3] = math.NaN()
	page(c)
	for _, bad := range []report.Contributions{
		{Columns: []string{"a"}, Mean: []float64{1, 2}}, {Columns: []string{"a"}, Rows: []report.Contribution{{}}},
		{Columns: []string{"a"}, Rows: []report.Contribution{{Values: []float64{1}, Cells: []string{}}}},
	} {
		if err := report.Render(&bytes.Buffer{}, report.Run{Contributions: []report.Contributions{bad}}); err == nil {
			t.Errorf("no error for %+v", bad)
		}
	}
}
