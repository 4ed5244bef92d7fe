package parquet

import (
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/pkg/errors"
)

// Column is a column of a file to be written.
type Column struct {
	Name string
	// Number means that it holds numbers (float64), and not texts.
	Number bool
}

// Value is a value of a row: a text, a number, or nothing.
type Value struct {
	Text    string
	Number  float64
	Missing bool
}

// Writer writes a file, with one group for all its rows, which it keeps in memory as they will stand in the file. Use it from one goroutine.
type Writer struct {
	w       *parquet.GenericWriter[any]
	columns []Column
	rows    []parquet.Row
	values  []parquet.Value
}

// NewWriter begins a file with columns, whose names must differ. The same rows give the same bytes.
func NewWriter(w io.Writer, columns []Column) (_ *Writer, err error) {
	defer recovered("writing", &err)
	if w == nil || len(columns) == 0 {
		return nil, errors.New("parquet: nothing to write to, or no columns")
	}
	root := ordered{Group: parquet.Group{}}
	for _, c := range columns {
		if _, twice := root.Group[c.Name]; twice || c.Name == "" {
			return nil, errors.Errorf("parquet: column %q has no name, or comes twice", c.Name)
		}
		node := parquet.String()
		if c.Number {
			node = parquet.Leaf(parquet.DoubleType)
		}
		root.Group[c.Name] = parquet.Optional(node)
	}
	root.columns = columns
	out := parquet.NewGenericWriter[any](w, parquet.NewSchema("row", root), parquet.Compression(&parquet.Snappy), parquet.CreatedBy("selfnorm", "", ""))
	return &Writer{w: out, columns: columns}, nil
}

// ordered is a group whose fields have the order of the columns, not that of the alphabet.
type ordered struct {
	parquet.Group
	columns []Column
}

func (o ordered) Fields() []parquet.Field {
	fields := o.Group.Fields()
	place := make(map[string]parquet.Field, len(fields))
	for _, f := range fields {
		place[f.Name()] = f
	}
	all := make([]parquet.Field, len(o.columns))
	for i, c := range o.columns {
		all[i] = place[c.Name]
	}
	return all
}

// GoType is a type that no row has: rows are written as values.
func (o ordered) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

// Write appends rows, each with a value for each column.
func (w *Writer) Write(rows [][]Value) (err error) {
	if w == nil || w.w == nil {
		return errors.New("parquet: there is no writer; use parquet.NewWriter")
	}
	defer recovered("writing", &err)
	w.rows, w.values = w.rows[:0], w.values[:0]
	for i, row := range rows {
		if len(row) != len(w.columns) {
			return errors.Errorf("parquet: row %d has %d values for %d columns", i, len(row), len(w.columns))
		}
		for k, v := range row {
			out := parquet.NullValue()
			switch {
			case v.Missing:
			case w.columns[k].Number:
				out = parquet.DoubleValue(v.Number).Level(0, 1, k)
			default:
				out = parquet.ByteArrayValue([]byte(v.Text)).Level(0, 1, k)
			}
			if v.Missing {
				out = out.Level(0, 0, k)
			}
			w.values = append(w.values, out)
		}
	}
	for i := range rows {
		w.rows = append(w.rows, parquet.Row(w.values[i*len(w.columns):][:len(w.columns)]))
	}
	_, err = w.w.WriteRows(w.rows)
	return errors.Wrap(err, "parquet")
}

// Close ends the file. It does not close what the file is written to.
func (w *Writer) Close() (err error) {
	if w == nil || w.w == nil {
		return nil
	}
	defer recovered("writing", &err)
	return errors.Wrap(w.w.Close(), "parquet")
}
