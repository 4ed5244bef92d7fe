package stream

import (
	"bytes"
	"encoding/csv"

	"github.com/pkg/errors"
)

// Column is a column of answers.
type Column struct {
	Name string
	// Format writes the numbers of the column as text. Nil means that the column holds texts.
	Format func(v float64) string
}

// Value is the value of an answer in a column: a text, a number, or nothing.
type Value struct {
	Text   string
	Number float64
	// Missing means that there is no value: the field is empty.
	Missing bool
}

// AppendCSV appends rows of values, one for each column, to a text, as lines of CSV.
func AppendCSV(text []byte, columns []Column, rows [][]Value) ([]byte, error) {
	b := bytes.NewBuffer(text)
	w := csv.NewWriter(b)
	record := make([]string, len(columns))
	for i, row := range rows {
		if len(row) != len(columns) {
			return text, errors.Errorf("stream: row %d has %d values for %d columns", i, len(row), len(columns))
		}
		for k, v := range row {
			switch f := columns[k].Format; {
			case v.Missing:
				record[k] = ""
			case f != nil:
				record[k] = f(v.Number)
			default:
				record[k] = v.Text
			}
		}
		if err := w.Write(record); err != nil {
			return text, errors.Wrap(err, "stream")
		}
	}
	w.Flush()
	return b.Bytes(), errors.Wrap(w.Error(), "stream")
}

// AppendHeader appends the line with the names of the columns.
func AppendHeader(text []byte, columns []Column) ([]byte, error) {
	b := bytes.NewBuffer(text)
	w := csv.NewWriter(b)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	if err := w.Write(names); err != nil {
		return text, errors.Wrap(err, "stream")
	}
	w.Flush()
	return b.Bytes(), errors.Wrap(w.Error(), "stream")
}
