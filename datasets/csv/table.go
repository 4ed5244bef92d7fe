package csv

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Table is a table in memory, column by column. It is read-only. A nil table has no rows and no columns.
type Table struct {
	name    string
	opts    Options
	columns []column
	place   map[string]int // index of each name among the columns
	lines   lines          // of each row in the file
	targets []int
	id      int // column index, -1 for none
	roles   roles
	problem Problem
	classes []string

	newRows   bool     // it was read by an encoder
	decisions []string // what was found out, in sentences
}

// Len returns the number of rows.
func (t *Table) Len() int {
	if t == nil {
		return 0
	}
	return t.lines.rows
}

// Line returns the line of the file on which a row starts, or 0 if there is no such row.
func (t *Table) Line(row int) int {
	if row < 0 || row >= t.Len() {
		return 0
	}
	return t.lines.of(row)
}

// Columns describes the columns from left to right.
func (t *Table) Columns() []Column {
	if t == nil {
		return nil
	}
	out := make([]Column, len(t.columns))
	for i := range t.columns {
		c := &t.columns[i]
		kind := c.kind
		if c.unused || t.isRole(i) {
			kind = Ignored
		} else if c.words {
			kind = Text
		}
		out[i] = Column{Name: c.name, Kind: kind, Missing: c.missing, Distinct: len(c.dict)}
	}
	return out
}

// Decisions returns what was found out about the table and a person may want to know or to change, in sentences: texts among numbers,
// dates, codes, columns that were left out. An encoder that is fitted on the table keeps them.
func (t *Table) Decisions() []string {
	if t == nil {
		return nil
	}
	return slices.Clone(t.decisions)
}

// Comma returns the field separator: Options.Comma, or the detected one.
func (t *Table) Comma() rune {
	if t == nil {
		return 0
	}
	return t.opts.Comma
}

// Problem returns the kind of target, as requested or as inferred. It is empty if no target was named.
func (t *Table) Problem() Problem {
	if t == nil {
		return ""
	}
	return t.problem
}

// Rows returns the rows that can be trained on: those with the class, or with at least one of the other targets.
func (t *Table) Rows() []int {
	var rows []int
	for r := range t.Len() {
		if t.lacks(r) == "" {
			rows = append(rows, r)
		}
	}
	return rows
}

// Gaps returns the number of rows that can be trained on but lack some of the targets.
func (t *Table) Gaps() (n int) {
	for _, r := range t.Rows() {
		for _, at := range t.targets {
			if t.columns[at].isMissing(r) {
				n++
				break
			}
		}
	}
	return n
}

// lacks returns the name of a missing target without which a row is of no use, or an empty text.
func (t *Table) lacks(row int) string {
	missing, count := "", 0
	for _, at := range t.targets {
		if t.columns[at].isMissing(row) {
			missing = t.columns[at].name
			count++
		}
	}
	if t.problem != Classes && count < len(t.targets) {
		return ""
	}
	return missing
}

// Split divides the rows that can be used for training: test gets the given share (0 to 1) of them. Classes, and a single binary target,
// have the same proportions in both parts. The same seed gives the same split. It returns an error if the table is nil or share is out of
// range.
func (t *Table) Split(share float64, seed uint64) (train, test []int, err error) {
	if t == nil {
		return nil, nil, errors.New("csv: the table is nil")
	}
	class, err := t.ClassOf()
	switch {
	case err != nil:
		return nil, nil, err
	case class == nil:
		train, test, err = datasets.Split(t.Rows(), share, seed)
	default:
		train, test, err = datasets.StratifiedSplit(t.Rows(), class, share, seed)
	}
	return train, test, errors.Wrap(err, "csv")
}

// ClassOf returns a function that returns the class of a row which has one, so that parts of the table can get the same proportions of classes. It is nil if
// rows have no single class: for a regression, several targets, or none. It returns an error if the table is nil, and one that names a label that cannot be read.
func (t *Table) ClassOf() (class func(row int) int, err error) {
	if t == nil {
		return nil, errors.New("csv: the table is nil")
	}
	if len(t.targets) != 1 || t.problem == Regression {
		return nil, nil
	}
	var labels []float32
	if c := &t.columns[t.targets[0]]; t.problem == Binary {
		labels, err = t.binaryLabels(c)
	} else {
		labels, err = t.classLabels(c, t.classes)
	}
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return func(row int) int {
		if row < 0 || row >= len(labels) || labels[row] != labels[row] {
			return -1
		}
		return int(labels[row])
	}, nil
}

func (t *Table) names() []string {
	names := make([]string, len(t.columns))
	for i := range t.columns {
		names[i] = t.columns[i].name
	}
	return names
}

func (t *Table) isTarget(at int) bool {
	for _, k := range t.targets {
		if k == at {
			return true
		}
	}
	return false
}

// find returns the index of a column that is given by name, or by number counted from 1 or -1.
func (t *Table) find(name string) (int, error) {
	if at, ok := t.place[name]; ok {
		return at, nil
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n > 0 && n <= len(t.columns) {
			return n - 1, nil
		}
		if n < 0 && -n <= len(t.columns) {
			return len(t.columns) + n, nil
		}
	}
	hint := ""
	if slices.ContainsFunc(t.columns, func(c column) bool { return strings.Contains(c.name, ",") }) && t.opts.Setting != nil {
		hint = "; " + t.opts.setting("comma in a name", name)
	}
	return 0, errors.Errorf("no column %s; there are %s%s", formats.Quote(name), list(t.names()), hint)
}

// errorAt returns an error about a value.
func (t *Table) errorAt(row int, c *column, format string, args ...any) error {
	return errors.Wrapf(errors.Errorf(format, args...), "%s:%d: column %s", t.name, t.lines.of(row), formats.Quote(c.name))
}
