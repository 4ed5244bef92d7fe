package csv

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Notices returns what a person who uses predictions for a table of new rows may want to know, in sentences: categories and classes that
// the encoder does not know, and texts that were taken for missing values, each with their number and the first line. It is empty for
// an encoder that was not fitted, and for another table.
func (e *Encoder) Notices(t *Table) []string {
	if e.check() != nil || t == nil || !t.newRows {
		return nil
	}
	notices := t.Decisions()
	say := func(format string, args ...any) { notices = append(notices, fmt.Sprintf(format, args...)) }
	if t.opts.DecimalComma && !e.f.DecimalComma {
		notices = append(notices, decimalCommas)
	}
	for _, o := range e.oddities(t) {
		notices = append(notices, o.notice(int64(t.Len())))
	}
	label := t.binaryLabel
	switch e.f.Problem {
	case Classes:
		label = t.classLabel(e.f.Classes)
	case Regression:
		return notices
	}
	for _, at := range t.targets {
		t.sayUnknown(say, t.columns[at].name, func(s string) bool { _, ok := label(s); return ok }, "a label that no row to train on has", "; they are not judged")
	}
	return notices
}

// decimalCommas is a notice.
const decimalCommas = "Numbers have decimal commas: 1,5 is one and a half."

// oddities returns what is odd about the features of a table, by column.
func (e *Encoder) oddities(t *Table) (all []Oddity) {
	for i := range t.columns {
		c := &t.columns[i]
		if n := c.odd.count(); n > 0 {
			what := oddNumber
			if c.kind == Date {
				what = oddDate
			}
			all = append(all, Oddity{Column: c.name, What: what, Rows: int64(n), Text: c.odd.text, Line: t.lines.of(c.odd.row)})
		}
	}
	all = append(all, e.farRows(t)...)
	for i := range e.f.Categorical {
		k := &e.f.Categorical[i]
		find := k.find()
		if n, first := t.unknown(k.Name, func(s string) bool { return find(s) >= 0 }); n > 0 {
			c := &t.columns[t.place[k.Name]]
			all = append(all, Oddity{Column: k.Name, What: oddCategory, Rows: int64(n), Text: c.text(first), Line: t.lines.of(first)})
		}
	}
	return all
}

// sayUnknown reports the rows of a categorical column with a text that is not known.
func (t *Table) sayUnknown(say func(format string, args ...any), name string, known func(s string) bool, what, so string) {
	if n, first := t.unknown(name, known); n > 0 {
		text := t.columns[t.place[name]].text(first)
		say("Column %s: %d of %d rows have %s, such as %s on line %d%s.", formats.Quote(name), n, t.Len(), what, formats.Quote(text), t.lines.of(first), so)
	}
}

// unknown counts the rows of a categorical column with a text that is not known, and returns the first of them.
func (t *Table) unknown(name string, known func(s string) bool) (n, first int) {
	at, ok := t.place[name]
	if !ok || t.columns[at].kind != Categorical {
		return 0, 0
	}
	c := &t.columns[at]
	unknown := make([]bool, len(c.dict))
	for k, s := range c.dict {
		unknown[k] = !known(s)
	}
	first = math.MaxInt
	for r, k := range c.codes.all() {
		if k >= 0 && unknown[k] {
			n++
			first = min(first, r)
		}
	}
	return n, first
}

// farRows counts the values that are far outside the range of the fitting rows, by column.
func (e *Encoder) farRows(t *Table) (all []Oddity) {
	for i := range e.f.Numeric {
		n := &e.f.Numeric[i]
		name := n.Name
		if n.Date != nil {
			if n.Date.Part != "year" {
				continue
			}
			name = n.Date.Column
		}
		at, ok := t.place[name]
		if !ok || t.columns[at].number.len() < t.Len() {
			continue
		}
		o := Oddity{Column: n.Name, What: oddFar}
		for r, v := range t.columns[at].number.all() {
			if n.Date != nil {
				v = n.Date.Part.of(v)
			}
			if n.far(v) {
				if o.Rows++; o.Rows == 1 {
					o.Text, o.Line = formatNumber(v), t.lines.of(r)
				}
			}
		}
		if o.Rows > 0 {
			all = append(all, o)
		}
	}
	return all
}
