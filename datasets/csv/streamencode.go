package csv

import (
	"math"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Encoded are rows of a [Stream], encoded.
type Encoded struct {
	// Set has the rows that could be encoded, in order; nil if there are none.
	Set *datasets.Set
	// Errs has an element for each row: nil, or why it could not be encoded.
	Errs []error
	// Tally counts what is odd about the rows.
	Tally Tally
}

// Encode returns the features of rows that the stream has read.
func (s *Stream) Encode(rows []*Row) (*Encoded, error) {
	if s == nil || s.r == nil {
		return nil, errors.New("csv: there is no stream; use Encoder.Stream")
	}
	t := &Table{name: s.r.name, opts: s.r.opts, place: s.r.place, id: s.r.id, problem: s.r.problem, newRows: true, targets: s.r.targets, roles: s.r.roles}
	t.columns = make([]column, len(s.r.columns))
	for i := range s.r.columns {
		c := &s.r.columns[i]
		t.columns[i] = column{name: c.name, kind: c.kind, forced: c.forced, strict: c.strict, style: c.style, layout: c.layout, odd: odd{known: c.odd.known}}
	}
	out := &Encoded{Errs: make([]error, len(rows)), Tally: Tally{Rows: int64(len(rows))}}
	for i, row := range rows {
		if row == nil || row.Err == nil && len(row.fields) != len(t.columns) {
			return nil, errors.Errorf("csv: row %d is of no stream, or of another one", i)
		}
		if row.extra {
			out.Tally.add(Oddity{What: oddExtra, Rows: 1, Line: row.Line})
		}
		if out.Errs[i] = row.Err; row.Err == nil {
			out.Errs[i] = s.add(t, row)
		}
	}
	if t.Len() == 0 {
		return out, nil
	}
	set, err := s.encoder.set(t)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	out.Set = set
	for i := range t.columns {
		t.columns[i].missing += t.columns[i].odd.count()
	}
	for _, o := range s.encoder.oddities(t) {
		out.Tally.add(o)
	}
	return out, nil
}

// add adds a row to a table, or returns why it cannot be encoded.
func (s *Stream) add(t *Table, row *Row) error {
	comma := s.r.opts.DecimalComma
	for i, text := range row.fields {
		if c := &t.columns[i]; c.kind == Numeric && !s.r.missing[text] {
			v, _, ok := c.style.scan(text, comma)
			if !ok && (c.strict || !isMarker(text) && !c.odd.known[text]) {
				return row.errorAt(s.r.name, i, c.name, "%s is not a number", formats.Quote(text))
			}
			if ok && s.numeric[i].tooLarge(v) {
				return row.errorAt(s.r.name, i, c.name, "%s is too large", formats.Quote(text))
			}
		}
	}
	at := t.Len()
	t.lines.add(row.Line)
	for i, text := range row.fields {
		switch c := &t.columns[i]; {
		case c.kind == Ignored:
		case s.r.missing[text] && !s.r.isClass(i, text, at):
			c.addMissing()
		default:
			c.add(text, comma, at, row.columns[i])
		}
	}
	return nil
}

// errorAt returns an error about a field.
func (r *Row) errorAt(name string, field int, column, format string, args ...any) error {
	err := errors.Wrapf(errors.Errorf(format, args...), "column %s", formats.Quote(column))
	if r.columns[field] == 0 {
		return errors.Wrapf(err, "%s:%d", name, r.Line)
	}
	return errors.Wrapf(err, "%s:%d:%d", name, r.Line, r.columns[field])
}

// tooLarge reports whether a number is beyond float32 once it is scaled.
func (n *numeric) tooLarge(v float64) bool {
	if n == nil || n.SD == 0 {
		return false
	}
	x := float32((v - n.Mean) / n.SD)
	return x != x || math.IsInf(float64(x), 0)
}
