package csv

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Read reads a table from a plain or gzip file. Text is UTF-8; fields may be quoted, and space around them is dropped. A line sep=; and
// comments that start with # may precede the first record.
// It returns an error that names the file, the line and the column for fields that cannot be read, records of another
// length, columns that are not there, a header that has a name twice, a table without rows, a field of more than 1 MiB, a record of more
// than 16 MiB or 100,000 fields, and a table that takes more memory than Options.MaxMemory.
func Read(path string, o Options) (*Table, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	defer f.Close()
	return readAs(path, f, o, nil, NewRows{})
}

// ReadFrom is like [Read] for a table from a reader, plain or gzip; name stands for it in errors.
func ReadFrom(name string, r io.Reader, o Options) (*Table, error) {
	if r == nil {
		return nil, errors.Errorf("csv: %s: the reader is nil", name)
	}
	f, err := formats.New(name, r)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return readAs(name, f, o, nil, NewRows{})
}

// readAs reads a table for an encoder, with the columns it wants, or with all columns if it is nil.
func readAs(name string, r io.Reader, o Options, e *Encoder, n NewRows) (*Table, error) {
	rd, err := newReader(name, o, e, n)
	if err != nil {
		return nil, err
	}
	if err := rd.read(r, e); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return &rd.Table, nil
}

func newReader(name string, o Options, e *Encoder, n NewRows) (*reader, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, errors.Wrap(err, "csv: options")
	}
	rd := &reader{Table: Table{name: name, opts: o, id: -1, newRows: e != nil}, missing: map[string]bool{"": true}, asked: n}
	for _, m := range o.Missing {
		m = strings.TrimSpace(m)
		rd.missing[m] = true
		_, _, _, number := decimal(m)
		rd.markedNumber = rd.markedNumber || number
	}
	return rd, nil
}

// records are the records of a table.
type records interface {
	// Next returns the next record, valid until the next call, or io.EOF after the last one. An error of type *rowError concerns that record alone.
	Next() ([]string, error)
	// Place returns the line and the column at which field i of the last record starts.
	Place(i int) (line, column int)
}

// rowError is the error of a record after which others follow.
type rowError struct{ error }

// reader is a table that is being read.
type reader struct {
	Table
	asked   NewRows
	records records
	tidy    func() bool // whether the last record needs no trimming; nil means that it is not known
	missing map[string]bool
	// markedNumber means that a text of missing is a number.
	markedNumber bool
	guessComma   bool  // look for decimal commas
	all          forms // of all columns
	comments     bool  // the table starts with comments
	named        int   // columns up to the last one with a name
	held         int   // bytes
	extra        int   // rows with empty fields beyond the columns
	empty        int   // rows without any value that were left out
}

func (r *reader) read(from io.Reader, e *Encoder) error {
	s, err := r.begins(from)
	if err != nil {
		return err
	}
	var first []string
	hasHeader := true
	if s.isJSON() {
		first, err = r.openJSON(s)
		if err == nil {
			r.opts.Header = HeaderYes
			err = r.begin(slices.Clone(first), true, e)
		}
	} else {
		first, hasHeader, err = r.first(s, e)
	}
	if err != nil {
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

// first reads the first record, and the columns from it.
func (r *reader) first(s *start, e *Encoder) (first []string, isHead bool, err error) {
	r.chooseComma(s, e)
	text := formats.NewRecords(r.name, s.in, r.opts.Comma, s.lines)
	text.Reuse = true
	text.Trim = r.opts.Comma != '\t' // or else empty fields between tabs would go, too
	r.records, r.tidy = text, text.Tidy
	first, err = r.next()
	if err == io.EOF {
		return nil, false, errors.Errorf("%s: the table is empty", r.name)
	}
	if err != nil {
		return nil, false, err
	}
	isHead = isHeader(first, &r.opts, r.decimalComma())
	return first, isHead, r.begin(first, isHead, e)
}

// decimalComma reports whether 1,5 is read as a number.
func (r *reader) decimalComma() bool { return r.opts.DecimalComma || r.guessComma }

// next returns the next record, trimmed. It is valid until the next call.
func (r *reader) next() ([]string, error) {
	for {
		rec, err := r.records.Next()
		if err != nil {
			return nil, r.readError(err)
		}
		if rec, err = r.trimmed(rec); rec != nil || err != nil {
			return rec, err
		}
	}
}

// trimmed trims a record and makes it as long as the first one. It returns nil for a comment.
func (r *reader) trimmed(rec []string) ([]string, error) {
	if r.tidy == nil || !r.tidy() {
		if err := r.trim(rec); err != nil {
			return nil, err
		}
	}
	if r.columns == nil || len(rec) == len(r.columns) {
		return rec, nil
	}
	if r.comments && strings.HasPrefix(rec[0], "#") {
		return nil, nil
	}
	return r.fit(rec)
}

// trim trims the fields of a record.
func (r *reader) trim(rec []string) error {
	for i, s := range rec {
		if !utf8.ValidString(s) {
			return r.errorAt(i, "%s is not UTF-8; convert the table, for example: iconv -f latin1 -t utf-8 OLD > NEW", formats.Quote(s))
		}
		rec[i] = strings.TrimSpace(s)
	}
	return nil
}

// fit makes a record as long as the first one: it cuts empty fields at the end, and adds them for columns without a name.
func (r *reader) fit(rec []string) ([]string, error) {
	n := len(r.columns)
	switch {
	case len(rec) > n && !slices.ContainsFunc(rec[n:], func(s string) bool { return s != "" }):
		r.extra++
		return rec[:n], nil
	case len(rec) < n && len(rec) >= r.named:
		return append(rec, make([]string, n-len(rec))...), nil
	}
	line, _ := r.records.Place(0)
	return nil, errors.Errorf("%s:%d: %d fields, but the first line has %d", r.name, line, len(rec), n)
}

// readError adds the name of the table to an error of a reader that does not know it.
func (r *reader) readError(err error) error {
	if err == io.EOF || strings.Contains(err.Error(), r.name) {
		return err
	}
	return errors.Wrap(err, r.name)
}

// errorAt returns an error at field i of the current record.
func (r *reader) errorAt(i int, format string, args ...any) error {
	line, col := r.records.Place(i)
	if col == 0 {
		return errors.Wrapf(errors.Errorf(format, args...), "%s:%d", r.name, line)
	}
	return errors.Wrapf(errors.Errorf(format, args...), "%s:%d:%d", r.name, line, col)
}

// add adds a record.
func (r *reader) add(rec []string) error {
	if r.opts.Auto && !slices.ContainsFunc(rec, func(s string) bool { return s != "" }) {
		r.empty++
		return nil
	}
	line, _ := r.records.Place(0)
	row, comma := r.Len(), r.decimalComma()
	r.held += rowSize + r.lines.add(line)
	for i, s := range rec {
		c := &r.columns[i]
		if !r.markedNumber {
			if held, ok := c.addDecimal(s); ok {
				r.held += held
				continue
			}
		}
		if r.missing[s] && !r.isClass(i, s, row) {
			r.held += c.addMissing()
			continue
		}
		column := 0
		if c.odd.unmarked == 0 {
			_, column = r.records.Place(i)
		}
		held, ok := c.add(s, comma, row, column)
		if !ok {
			return r.notNumber(c, s, i)
		}
		r.held += held
	}
	if int64(r.held) > r.opts.MaxMemory {
		return errors.Errorf("%s:%d: the table takes more than the limit of %d MiB of memory; to raise it, use %s", r.name, line, r.opts.MaxMemory>>20,
			r.opts.setting("MaxMemory", ""))
	}
	return nil
}

// notNumber returns an error for a text in a column of numbers.
func (r *reader) notNumber(c *column, s string, i int) error {
	hint := ""
	if _, ok := parseNumber(s, true); ok && r.opts.Comma != ',' {
		hint = "; for decimal commas, use " + r.opts.setting("DecimalComma", "true")
	} else if slices.ContainsFunc(r.targets, func(at int) bool { return &r.columns[at] == c }) {
		hint = r.wrongProblem(Regression)
	}
	return r.errorAt(i, "column %s: %s is not a number%s", formats.Quote(c.name), formats.Quote(s), hint)
}

// isClass reports whether a text that else means no value is a class of the target. It keeps the rows of a text that may turn out to be one.
func (r *reader) isClass(i int, s string, row int) bool {
	if s == "" || !r.isTarget(i) {
		return false
	}
	if r.newRows {
		return slices.Contains(r.classes, s)
	}
	if s == "None" && r.opts.noneIsClass {
		r.columns[i].noneRows = append(r.columns[i].noneRows, row)
	}
	return false
}
