package stats_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train/stats"
	"pgregory.net/rapid"
)

func sample() *stats.Table {
	t := &stats.Table{Columns: []stats.Column{
		{Name: "method|kind"}, {Name: "AUC", Format: "%.3f"}, {Name: "layers"}, {Name: "folds", Right: true},
	}}
	t.Add("SNN, *deep*", 0.98034, 8, "0.98 ± 0.01")
	t.Add("x\ny", math.NaN(), nil, "-")
	return t
}

func TestTable(t *testing.T) {
	tests := map[string]struct {
		render func(*stats.Table, *bytes.Buffer) error
		want   string
	}{
		"Markdown": {func(t *stats.Table, b *bytes.Buffer) error { return t.Markdown(b) }, `
| method\|kind  |   AUC | layers |       folds |
| ------------- | ----: | -----: | ----------: |
| SNN, \*deep\* | 0.980 |      8 | 0.98 ± 0.01 |
| x y           |     - |      - |           - |
`},
		"text": {func(t *stats.Table, b *bytes.Buffer) error { return t.Text(b) }, `
method|kind    AUC  layers        folds
-----------  -----  ------  -----------
SNN, *deep*  0.980       8  0.98 ± 0.01
x y              -       -            -
`},
		"CSV": {func(t *stats.Table, b *bytes.Buffer) error { return t.CSV(b) }, `
method|kind,AUC,layers,folds
"SNN, *deep*",0.98034,8,0.98 ± 0.01
"x
y",,,-
`},
	}
	for name, test := range tests {
		var b bytes.Buffer
		if err := test.render(sample(), &b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want[1:], b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// cellText draws text with everything that needs an escape.
var cellText = rapid.StringOfN(rapid.SampledFrom([]rune("ab|\\*`<,\"; é")), 1, 8, -1)

func textTable(t *rapid.T) *stats.Table {
	table := &stats.Table{}
	columns := rapid.IntRange(1, 4).Draw(t, "columns")
	for range columns {
		table.Columns = append(table.Columns, stats.Column{Name: cellText.Draw(t, "name")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "rows") {
		var row []any
		for range columns {
			row = append(row, cellText.Draw(t, "cell"))
		}
		table.Add(row...)
	}
	return table
}

func cellsOf(table *stats.Table) [][]string {
	out := [][]string{{}}
	for _, c := range table.Columns {
		out[0] = append(out[0], c.Name)
	}
	for _, row := range table.Rows {
		var line []string
		for _, cell := range row {
			line = append(line, cell.(string))
		}
		out = append(out, line)
	}
	return out
}

func TestTableCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := textTable(t)
		var b bytes.Buffer
		if err := table.CSV(&b); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&b).ReadAll()
		if diff := cmp.Diff(cellsOf(table), got); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// splitMarkdown reads a row: bars separate cells, a backslash takes the next character as it is.
func splitMarkdown(line string) []string {
	var cells []string
	var cell strings.Builder
	runes := []rune(strings.TrimPrefix(line, "|"))
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case '|':
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
		case '\\':
			i++
			cell.WriteRune(runes[i])
		default:
			cell.WriteRune(runes[i])
		}
	}
	return cells
}

func TestTableMarkdownRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := textTable(t)
		var b bytes.Buffer
		if err := table.Markdown(&b); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		got := [][]string{splitMarkdown(lines[0])}
		for _, line := range lines[2:] {
			got = append(got, splitMarkdown(line))
		}
		want := cellsOf(table)
		for _, row := range want {
			for j := range row {
				row[j] = strings.TrimSpace(row[j])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n(-want +got):\n%s", b.String(), diff)
		}
	})
}

// CSV loses nothing of a number.
func TestTableCSVNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		table := stats.Table{Columns: []stats.Column{{Name: "x", Format: "%.1f"}}, Rows: [][]any{{x}}}
		var b bytes.Buffer
		if err := table.CSV(&b); err != nil {
			t.Fatal(err)
		}
		got, err := strconv.ParseFloat(strings.Split(b.String(), "\n")[1], 64)
		if err != nil || got != x {
			t.Fatalf("%v became %v (%v)", x, got, err)
		}
	})
}

func TestTableNumbers(t *testing.T) {
	tests := []struct {
		format string
		cell   any
		want   string
	}{
		{"", 0.123456, "0.1235"}, {"", 12, "12"}, {"%.2f", 3, "3.00"}, {"%+d", 3, "+3"}, {"%.0f%%", 95, "95%"},
		{"", float32(0.5), "0.5"}, {"%.1e", 0.00012, "1.2e-04"}, {"", true, "true"}, {"", uint64(7), "7"}, {"", int64(-7), "-7"},
	}
	for _, test := range tests {
		table := stats.Table{Columns: []stats.Column{{Name: "x", Format: test.format}}, Rows: [][]any{{test.cell}}}
		var b bytes.Buffer
		err := table.Text(&b)
		if got := strings.TrimSpace(strings.Split(b.String()+"\n\n", "\n")[2]); err != nil || got != test.want {
			t.Errorf("%v with %q gives %q (%v), want %q", test.cell, test.format, got, err, test.want)
		}
	}
}

func TestTableErrors(t *testing.T) {
	tests := map[string]*stats.Table{
		"no columns":    {},
		"short row":     {Columns: []stats.Column{{Name: "a"}, {Name: "b"}}, Rows: [][]any{{1}}},
		"not a format":  {Columns: []stats.Column{{Name: "a", Format: "%d"}}, Rows: [][]any{{1.5}}},
		"without verbs": {Columns: []stats.Column{{Name: "a", Format: "x"}}, Rows: [][]any{{1.5}}},
	}
	for name, table := range tests {
		var b bytes.Buffer
		if err := table.Markdown(&b); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := table.Text(&b); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, b.Len())
		}
	}
	for _, name := range []string{"no columns", "short row"} {
		if err := tests[name].CSV(&bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error of CSV", name)
		}
	}
}
