package csv

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Stream reads a table of new rows one at a time, to be predicted: a table of any length takes the memory of the rows that the caller keeps. The
// encoding of a row depends on this row alone. That differs from [Encoder.ReadNew] in one way: there, a few unknown texts in a column of numbers count as
// missing values, if the rest of the table has enough numbers; here, a row with such a text has an error. Texts that counted as missing
// when the encoder was fitted do so here.
//
// Next is for one goroutine; Encode may be called by several, and while Next runs.
type Stream struct {
	encoder *Encoder
	r       *reader
	first   []string   // the first record, if it is a row
	used    []bool     // by column
	numeric []*numeric // by column of numbers, else nil
	err     error      // of the last call of Next
}

// Row is a row of a [Stream] as it stands in the file.
type Row struct {
	// Line is where the row begins: the line of a text file, the number of the row in other files, from 1.
	Line int
	// Err is why the row cannot be read; it names file and line. The rows behind it can be.
	Err error

	fields  []string // of the columns that are used, others are empty; all of a row that cannot be read
	columns []int    // where they begin
	id      int
	extra   bool
}

// Texts returns the texts of the row that its encoding depends on, and its name.
func (r *Row) Texts() []string {
	if r == nil {
		return nil
	}
	return r.fields
}

// Size returns about the memory that the row takes, in bytes.
func (r *Row) Size() int {
	if r == nil {
		return 0
	}
	n := 24 * len(r.fields)
	for _, s := range r.fields {
		n += len(s)
	}
	return n
}

// ID returns the name of the row, or an empty text.
func (r *Row) ID() string {
	if r == nil || r.Err != nil || r.id < 0 || r.id >= len(r.fields) {
		return ""
	}
	return r.fields[r.id]
}

// Stream begins to read a table of new rows, plain or gzip, as [Encoder.ReadNewFrom] does, or lines of JSON: an object on each line, with the
// columns as names. Targets are ignored unless NewRows.Targets asks for them. It returns an error if columns are missing, as ReadNewFrom does; name stands for the table in errors.
func (e *Encoder) Stream(name string, r io.Reader, n NewRows) (*Stream, error) {
	s, err := e.newStream(name, n)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	if r == nil {
		return nil, errors.Errorf("csv: %s: nothing to read from", name)
	}
	f, err := formats.New(name, r)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return s, errors.Wrap(s.begin(f), "csv")
}

// Rows are the rows of a table that is no text, such as a Parquet file.
type Rows interface {
	// Columns returns the names of the columns.
	Columns() []string
	// Use chooses the columns to read; the texts of others may be empty.
	Use(used []bool)
	// Next returns the texts of the next row, one for each column, empty for a missing value, or io.EOF after the last one. They are valid until the next
	// call.
	Next() ([]string, error)
}

// StreamRows is [Encoder.Stream] for other sources of rows. If the encoder's own table had no header, the columns count by their place.
func (e *Encoder) StreamRows(name string, rows Rows, n NewRows) (*Stream, error) {
	s, err := e.newStream(name, n)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	if rows == nil {
		return nil, errors.Errorf("csv: %s: nothing to read from", name)
	}
	if err := s.beginRows(rows.Columns(), &counted{rows: rows}, e.f.Header == HeaderYes); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	rows.Use(slices.Clone(s.used))
	return s, nil
}

func (e *Encoder) newStream(name string, n NewRows) (*Stream, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if err := e.checkID(n.ID); err != nil {
		return nil, err
	}
	n.Predict = !n.Targets
	r, err := newReader(name, e.options(n), e, n)
	return &Stream{encoder: e, r: r}, err
}

// begin reads the beginning of a text.
func (s *Stream) begin(from io.Reader) error {
	start, err := s.r.begins(from)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(bytes.TrimLeft(start.sample, " \t\r\n"), []byte("{")) {
		var names []string
		for _, c := range s.encoder.Columns() {
			names = append(names, c.Name)
		}
		id := s.r.asked.ID
		if id == "" {
			id = s.encoder.f.ID
		}
		if id != "" {
			names = append(names, id)
		}
		if s.r.asked.Targets {
			names = append(names, s.encoder.Tasks()...)
		}
		return s.beginRows(names, newObjects(s.r.name, start.in, names), true)
	}
	first, isHead, err := s.r.first(start, s.encoder)
	if err != nil {
		return err
	}
	if !isHead {
		s.first = first
	}
	return s.use()
}

// beginRows takes the columns of rows that are no text.
func (s *Stream) beginRows(names []string, rows records, named bool) error {
	names = slices.Clone(names)
	s.r.opts.Comma = ','
	s.r.records = rows
	if err := s.r.begin(names, named, s.encoder); err != nil {
		return err
	}
	return s.use()
}

// use notes which columns are used, and returns an error if a target that was asked for is missing.
func (s *Stream) use() error {
	if s.r.asked.Targets {
		for _, t := range s.encoder.f.Targets {
			if _, ok := s.r.place[t.Name]; !ok {
				return errors.Errorf("%s: no column %s, the target; there are %s", s.r.name, formats.Quote(t.Name), list(s.r.names()))
			}
		}
	}
	s.used, s.numeric = make([]bool, len(s.r.columns)), make([]*numeric, len(s.r.columns))
	for i := range s.r.columns {
		s.used[i] = s.r.columns[i].kind != Ignored
	}
	for i := range s.encoder.f.Numeric {
		if n := &s.encoder.f.Numeric[i]; n.Date == nil {
			s.numeric[s.r.place[n.Name]] = n // it is there, as begin has seen
		}
	}
	return nil
}

// HasIDs reports whether the rows have names.
func (s *Stream) HasIDs() bool { return s != nil && s.r != nil && s.r.id >= 0 }

// Notes returns what was decided about the table and is not evident, in sentences.
func (s *Stream) Notes() []string {
	if s == nil || s.r == nil {
		return nil
	}
	notes := s.r.Decisions()
	if s.r.opts.DecimalComma && !s.encoder.f.DecimalComma {
		notes = append(notes, decimalCommas)
	}
	return notes
}

// Next returns the next row, or io.EOF after the last one. A row that cannot be read has an error; an error of Next ends the reading.
func (s *Stream) Next() (*Row, error) {
	if s == nil || s.r == nil {
		return nil, errors.New("csv: there is no stream; use Encoder.Stream")
	}
	if s.err != nil {
		return nil, s.err
	}
	row, err := s.next()
	if err != nil && err != io.EOF {
		err = errors.Wrap(err, "csv")
	}
	s.err = err
	return row, err
}

func (s *Stream) next() (*Row, error) {
	if rec := s.first; rec != nil {
		s.first = nil
		return s.row(rec, nil), nil
	}
	for {
		rec, err := s.r.records.Next()
		var bad *rowError
		if err != nil && !errors.As(err, &bad) {
			return nil, s.r.readError(err)
		}
		raw, extra := rec, s.r.extra
		if err == nil {
			rec, err = s.r.trimmed(rec)
		}
		switch {
		case err != nil:
			rec = raw
		case rec == nil:
			continue
		}
		row := s.row(rec, err)
		row.extra = s.r.extra > extra
		return row, nil
	}
}

// row keeps what is needed of a record.
func (s *Stream) row(rec []string, err error) *Row {
	row := &Row{Err: err, id: s.r.id}
	row.Line, _ = s.r.records.Place(0)
	used := func(i int) bool { return err != nil || s.used[i] }
	row.fields, row.columns = make([]string, len(rec)), make([]int, len(rec))
	size := 0
	for i := range rec {
		if used(i) {
			size += len(rec[i])
		}
	}
	var text strings.Builder
	text.Grow(size)
	for i, field := range rec {
		if !used(i) {
			continue
		}
		from := text.Len()
		text.WriteString(field)
		row.fields[i] = text.String()[from:]
		_, row.columns[i] = s.r.records.Place(i)
	}
	return row
}

// counted numbers the rows.
type counted struct {
	rows Rows
	n    int
}

func (c *counted) Next() ([]string, error) {
	c.n++
	rec, err := c.rows.Next()
	return slices.Clone(rec), err // it is trimmed in place
}

func (c *counted) Place(int) (line, column int) { return c.n, 0 }
