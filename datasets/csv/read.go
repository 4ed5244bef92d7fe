package csv

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Read reads a table from a plain or gzip file. Text is UTF-8; fields may be quoted, and space around them is dropped. It returns an error
// for fields that cannot be read, records with the wrong number of fields, missing columns, a header with a repeated name, and a table
// without rows. Errors name the file, the line and the column.
func Read(path string, o Options) (*Table, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	defer f.Close()
	return ReadFrom(path, f, o)
}

// ReadFrom is like [Read] for a table from a reader; errors refer to it by name.
func ReadFrom(name string, r io.Reader, o Options) (*Table, error) {
	return readAs(name, r, o, nil)
}

// readAs reads a table for an encoder, with the columns it needs, or with all columns if the encoder is nil.
func readAs(name string, r io.Reader, o Options, e *Encoder) (*Table, error) {
	if r == nil {
		return nil, errors.Errorf("csv: %s: the reader is nil", name)
	}
	o, err := o.withDefaults()
	if err != nil {
		return nil, errors.Wrap(err, "csv: options")
	}
	rd := &reader{Table: Table{name: name, opts: o}, missing: map[string]bool{"": true}}
	for _, m := range o.Missing {
		rd.missing[strings.TrimSpace(m)] = true
	}
	if err := rd.read(r, e); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return &rd.Table, nil
}

// reader is a table that is being read.
type reader struct {
	Table
	csv     *csv.Reader
	missing map[string]bool
}

func (r *reader) read(from io.Reader, e *Encoder) error {
	b := bufio.NewReaderSize(from, sampleSize)
	sample, err := b.Peek(sampleSize)
	if err != nil && err != io.EOF {
		return r.readError(err)
	}
	if strings.HasPrefix(string(sample), "\uFEFF") { // a byte order mark, which some programs put before UTF-8
		b.Discard(3)
		sample = sample[3:]
	}
	from = b
	if cr := bytes.IndexByte(sample, '\r'); cr >= 0 && cr < len(sample)-1 && bytes.IndexByte(sample, '\n') < 0 {
		from, sample = carriageReturns{b}, bytes.ReplaceAll(sample, []byte("\r"), []byte("\n"))
	}
	if r.opts.Comma == 0 {
		r.opts.Comma = sniffComma(sample, err == io.EOF)
	}
	r.csv = csv.NewReader(from)
	r.csv.Comma = r.opts.Comma
	r.csv.ReuseRecord = true
	r.csv.TrimLeadingSpace = r.opts.Comma != '\t' // otherwise empty fields between tabs would be lost
	first, err := r.next()
	if err == io.EOF {
		return errors.Errorf("%s: the table is empty", r.name)
	}
	if err != nil {
		return err
	}
	hasHeader := isHeader(first, &r.opts)
	if err := r.begin(first, hasHeader, e); err != nil {
		return err
	}
	for rec := first; ; {
		if !hasHeader {
			if err := r.add(rec); err != nil {
				return err
			}
		}
		hasHeader = false
		if rec, err = r.next(); err == io.EOF {
			return r.finish()
		}
		if err != nil {
			return err
		}
	}
}

// next returns the next record, trimmed. It is valid until the next call.
func (r *reader) next() ([]string, error) {
	rec, err := r.csv.Read()
	if err != nil {
		return nil, r.readError(err)
	}
	for i, s := range rec {
		if !utf8.ValidString(s) {
			return nil, r.errorAt(i, "%.40q is not UTF-8; save the table as UTF-8", s)
		}
		rec[i] = strings.TrimSpace(s)
	}
	return rec, nil
}

// readError adds the position to an error about a record.
func (r *reader) readError(err error) error {
	var bad *csv.ParseError
	switch {
	case err == io.EOF:
		return err
	case !errors.As(err, &bad):
		return errors.Wrap(err, r.name)
	case bad.Err == csv.ErrFieldCount:
		return errors.Errorf("%s:%d: want %d fields, as in the first line", r.name, bad.Line, r.csv.FieldsPerRecord)
	}
	return errors.Wrapf(bad.Err, "%s:%d:%d", r.name, bad.Line, bad.Column)
}

// errorAt returns an error at field i of the current record.
func (r *reader) errorAt(i int, format string, args ...any) error {
	line, col := r.csv.FieldPos(i)
	return errors.Wrapf(errors.Errorf(format, args...), "%s:%d:%d", r.name, line, col)
}

// begin names the columns and sets the kinds that are known in advance.
func (r *reader) begin(first []string, header bool, e *Encoder) error {
	r.columns = make([]column, len(first))
	hint := ""
	if r.opts.Header == HeaderAuto {
		hint = "; if this line names no columns, set Header to HeaderNo"
	}
	r.opts.Header = HeaderNo
	if header {
		r.opts.Header = HeaderYes
	}
	r.place = make(map[string]int, len(first))
	for i := range first {
		name := strconv.Itoa(i + 1)
		if header && first[i] != "" {
			name = strings.Clone(first[i])
		}
		if _, twice := r.place[name]; twice {
			return r.errorAt(i, "column %q comes twice%s", name, hint)
		}
		r.place[name] = i
		r.columns[i].name = name
	}
	if e != nil {
		return r.beginFor(e)
	}
	for _, set := range []struct {
		kind  Kind
		names []string
	}{{Ignored, r.opts.Ignore}, {Categorical, r.opts.Categorical}, {Numeric, r.opts.Numeric}} {
		for _, n := range set.names {
			at, err := r.find(n)
			if err != nil {
				return errors.Wrap(err, r.name)
			}
			if c := &r.columns[at]; c.kind != "" && c.kind != set.kind {
				return errors.Errorf("%s: column %q cannot be both %s and %s", r.name, c.name, c.kind, set.kind)
			}
			r.columns[at].kind, r.columns[at].forced = set.kind, true
		}
	}
	return r.beginRoles()
}

// beginRoles finds the targets and the names of the rows.
func (r *reader) beginRoles() error {
	r.id = -1
	if r.opts.ID != "" {
		at, err := r.find(r.opts.ID)
		if err != nil {
			return errors.Wrap(err, r.name)
		}
		r.id = at
		r.columns[at].kind, r.columns[at].forced = Categorical, true
	}
	for _, t := range r.opts.Targets {
		at, err := r.find(t)
		if err != nil {
			return errors.Wrapf(err, "%s: target", r.name)
		}
		c := &r.columns[at]
		if r.isTarget(at) || at == r.id || c.kind == Ignored {
			return errors.Errorf("%s: column %q is the target and something else", r.name, c.name)
		}
		if r.opts.Problem == Regression {
			if c.kind == Categorical {
				return errors.Errorf("%s: column %q cannot be both categorical and the target of a regression", r.name, c.name)
			}
			c.kind, c.forced = Numeric, true
		}
		r.targets = append(r.targets, at)
	}
	return nil
}

// add adds a record.
func (r *reader) add(rec []string) error {
	line, _ := r.csv.FieldPos(0)
	r.lines = append(r.lines, line)
	for i, s := range rec {
		c := &r.columns[i]
		if r.missing[s] {
			c.addMissing()
		} else if !c.add(s, r.opts.DecimalComma) {
			return r.errorAt(i, "column %q: %.40q is not a number", c.name, s)
		}
	}
	return nil
}

func (r *reader) finish() error {
	if len(r.lines) == 0 {
		return errors.Errorf("%s: no rows after the header", r.name)
	}
	for i := range r.columns {
		r.columns[i].finish()
	}
	return r.decideProblem()
}

// carriageReturns reads a table whose lines end in carriage returns only, as some spreadsheets still write them.
type carriageReturns struct{ r io.Reader }

func (c carriageReturns) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	for i := range b[:n] {
		if b[i] == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}
