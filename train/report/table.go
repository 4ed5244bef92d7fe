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
	Marked  int // row that is emphasized, counted from 1; 0 is none
	Foot    []cell
}

type column struct {
	Name, Title string // tooltip that explains the column
	decimals    int    // or one of the constants below
	bar         bool   // also draws values from 0 to 1 as bars, with a mark at 0.5
}

// The formats of columns other than that of a fixed number of decimals.
const (
	counts   = 0  // see count
	measured = -1 // see significant
)

func (c *column) text(v float64) string {
	switch c.decimals {
	case counts:
		return count(v)
	case measured:
		return significant(v)
	}
	return strconv.FormatFloat(v, 'f', c.decimals, 64)
}

func col(name, title string, decimals int) column {
	return column{Name: name, Title: title, decimals: decimals}
}

// cell is a text and the key to sort by.
type cell struct {
	Text, Key string
	// Shade from 0 to 9 colours the cell.
	Shade int
	// Bar is the length of a bar, at most 60.
	Bar string
	// Empty cells are left out where the page is narrow.
	Empty bool
}

// Class holds the classes of the cell on the page.
func (c cell) Class() string {
	switch {
	case c.Shade > 0:
		return fmt.Sprintf("s%d", c.Shade)
	case c.Empty:
		return "empty"
	}
	return ""
}

// Column returns the name of a column, and IsMarked reports whether a row, counted from 0, is emphasized. The template calls them.
func (t table) Column(i int) string   { return t.Columns[i].Name }
func (t table) IsMarked(row int) bool { return row+1 == t.Marked }

// add adds a row. Values are in the order of the columns after the first.
func (t *table) add(name string, values ...float64) {
	t.Rows = append(t.Rows, t.row(name, values))
}

func (t *table) row(name string, values []float64) []cell {
	row := []cell{{Text: name, Key: name}}
	for i, v := range values {
		column := &t.Columns[i+1]
		c := cell{Text: noValue}
		if finite(v) {
			c.Text, c.Key = column.text(v), strconv.FormatFloat(v, 'g', -1, 64)
			if column.bar {
				c.Bar = strconv.FormatFloat(max(0, min(60, 60*v)), 'f', 1, 64)
			}
		}
		row = append(row, c)
	}
	return row
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
		case t.Columns[i+1].decimals != counts:
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
