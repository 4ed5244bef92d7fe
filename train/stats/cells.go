package stats

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// cells returns the header and the rows as text, and which columns are aligned to the right.
func (t *Table) cells(escape func(string) string) (lines [][]string, right []bool, err error) {
	if err := t.check(); err != nil {
		return nil, nil, err
	}
	header := make([]string, len(t.Columns))
	right = make([]bool, len(t.Columns))
	for j, column := range t.Columns {
		header[j] = escape(column.Name)
		right[j] = column.Right || t.numeric(j)
	}
	lines = append(lines, header)
	for i, row := range t.Rows {
		line := make([]string, len(row))
		for j, cell := range row {
			text, err := t.Columns[j].format(cell)
			if err != nil {
				return nil, nil, errors.Wrapf(err, "stats: table row %d", i)
			}
			line[j] = escape(text)
		}
		lines = append(lines, line)
	}
	return lines, right, nil
}

func (t *Table) check() error {
	if t == nil || len(t.Columns) == 0 {
		return errors.New("stats: a table without columns")
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return errors.Errorf("stats: table row %d has %d cells, want %d", i, len(row), len(t.Columns))
		}
	}
	return nil
}

// numeric reports whether a column holds only numbers.
func (t *Table) numeric(column int) bool {
	found := false
	for _, row := range t.Rows {
		if row[column] == nil {
			continue
		}
		if _, ok := number(row[column]); !ok {
			return false
		}
		found = true
	}
	return found
}

// format formats a cell for people.
func (c Column) format(cell any) (string, error) {
	x, ok := number(cell)
	switch {
	case cell == nil, ok && math.IsNaN(x):
		return missing, nil
	case !ok:
		return fmt.Sprint(cell), nil
	case c.Format != "":
		text := fmt.Sprintf(c.Format, cell)
		if strings.Contains(text, "%!") { // an integer in a column of floats
			text = fmt.Sprintf(c.Format, x)
		}
		if strings.Contains(text, "%!") {
			return "", errors.Errorf("column %q: format %q does not fit %v", c.Name, c.Format, cell)
		}
		return text, nil
	}
	switch cell.(type) {
	case float32, float64:
		return fmt.Sprintf("%.4g", x), nil
	}
	return fmt.Sprint(cell), nil
}

// number returns the value of a cell that is a number.
func number(cell any) (float64, bool) {
	switch x := cell.(type) {
	case float64:
		return x, true
	case float32:
		return float64(x), true
	case int:
		return float64(x), true
	case int64:
		return float64(x), true
	case uint64:
		return float64(x), true
	}
	return 0, false
}

// exactly formats a cell for programs.
func exactly(cell any) string {
	if cell == nil {
		return ""
	}
	x, _ := number(cell)
	switch cell.(type) {
	case float64:
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case float32:
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', -1, 32)
	}
	return fmt.Sprint(cell)
}
