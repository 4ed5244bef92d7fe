package report

import (
	"fmt"
	"math"
	"strconv"
)

// table is a table on the page. The first column names the rows.
type table struct {
	Columns []column
	Rows    [][]cell
	Foot    []cell
	Matrix  bool // of counts, with many narrow columns
}

type column struct {
	Name, Title string // tooltip that explains the column
	decimals    int
	bar         bool // also draws values from 0 to 1 as bars
}

func col(name, title string, decimals int) column {
	return column{Name: name, Title: title, decimals: decimals}
}

// cell is a text and the key to sort by.
type cell struct {
	Text, Key string
	// Shade from 0 to 9 colours the cell.
	Shade int
	// Kept marks the row of the epoch whose weights were kept.
	Kept bool
	// Bar is the length of a bar, at most 60.
	Bar string
}

// add adds a row. Values are in the order of the columns after the first.
func (t *table) add(name string, values ...float64) {
	t.Rows = append(t.Rows, t.row(name, values))
}

func (t *table) row(name string, values []float64) []cell {
	row := []cell{{Text: name, Key: name}}
	for i, v := range values {
		c := cell{Text: "\u2013"}
		if finite(v) {
			c = cell{Text: t.Columns[i+1].format(v), Key: strconv.FormatFloat(v, 'g', -1, 64)}
			if t.Columns[i+1].bar {
				c.Bar = strconv.FormatFloat(max(0, min(60, 60*v)), 'f', 1, 64)
			}
		}
		row = append(row, c)
	}
	return row
}

// format formats a number with the decimals of the column, or with six digits if it is large and three if it is small.
func (c column) format(v float64) string {
	switch a := math.Abs(v); {
	case c.decimals == 0:
		if a >= 1e15 {
			return rounded(v, 6)
		}
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	case a >= 1e4:
		return rounded(v, 6)
	case a != 0 && a < math.Pow10(1-c.decimals):
		return rounded(v, 3)
	}
	return strconv.FormatFloat(v, 'f', c.decimals, 64)
}

// means adds a footer with the means of the columns that have decimals, over the rows that have a value, and the sums of the others.
func (t *table) means() {
	if len(t.Rows) < 2 {
		return
	}
	values := make([]float64, len(t.Columns)-1)
	for i := range values {
		sum, n := 0.0, 0
		for _, row := range t.Rows {
			if v, err := strconv.ParseFloat(row[i+1].Key, 64); err == nil {
				sum, n = sum+v, n+1
			}
		}
		switch {
		case n == 0:
			values[i] = math.NaN()
		case t.Columns[i+1].decimals > 0:
			values[i] = sum / float64(n)
		default:
			values[i] = sum
		}
	}
	t.Foot = t.row("mean or sum", values)
}

// shorten truncates a text that is too long for the page.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && s[cut]&0xC0 == 0x80 { // within a character
		cut--
	}
	return fmt.Sprintf("%s ... (%d more bytes)", s[:cut], len(s)-cut)
}
