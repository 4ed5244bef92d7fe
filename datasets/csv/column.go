package csv

import (
	"math"
	"strings"
)

// Kind is the kind of values in a column.
type Kind string

// The kinds of column.
const (
	Numeric     Kind = "numeric"
	Categorical Kind = "categorical"
	Text        Kind = "text" // texts of which the words are features
	Date        Kind = "date"
	Ignored     Kind = "ignored"
)

// Column describes a column of a table.
type Column struct {
	Name    string
	Kind    Kind
	Missing int // rows without a value
	// Distinct is the number of different texts of a column of categories or texts, 0 for others.
	Distinct int
}

// column is a column of a table. While it is being read and hardly anything but numbers has come, its kind is empty and texts holds
// all values as they were written, in case they are texts after all.
type column struct {
	name    string
	kind    Kind
	forced  bool // the kind was given and not found out
	unused  bool // it is read, but makes no feature
	strict  bool // numeric: a text is an error
	code    bool // of a target: its texts are names, though they look like numbers
	missing int

	number series        // numeric: NaN is missing; date: seconds since 1970, by the clock that the text shows
	codes  blocks[int32] // categorical: place in dict, -1 is missing
	dict   []string
	place  map[string]int32
	layout string // of a date
	parts  []part // of a date: those that vary

	style     style  // of numbers
	words     bool   // of a categorical column: the words of its texts are features
	styled    string // the first number with separators or signs
	texts     written
	firstText int // row of the first value that is no number
	odd       odd
	forms     forms
	noneRows  []int // of a target: rows with the text None
}

// Memory in bytes, about, of a row where it is used, of a cell, and of an entry of a dictionary beside its text.
const (
	rowSize    = 8
	numberSize = 8
	smallSize  = 4
	codeSize   = 4
	entrySize  = 80
)

// addMissing adds a row without a value, and returns the memory it takes.
func (c *column) addMissing() int {
	c.missing++
	switch c.kind {
	case Numeric, Date:
		return c.number.add(nan)
	case Categorical:
		c.codes.add(-1)
		return codeSize
	case "":
		return c.number.add(nan) + c.texts.add("")
	}
	return 0
}

// add adds a row with a value that starts at a column of the file, and returns the memory it takes. ok is false for a text where it is
// an error.
func (c *column) add(s string, decimalComma bool, row, column int) (held int, ok bool) {
	switch c.kind {
	case Ignored:
		return 0, true
	case Categorical:
		return c.addText(s), true
	case Date:
		v, ok := parseDate(s, c.layout)
		if !ok {
			v = math.NaN()
			c.odd.add(s, row, column)
		}
		return c.number.add(v), true
	}
	v, f, isNumber := c.scan(s, decimalComma)
	if !isNumber {
		if c.strict {
			return 0, false
		}
		v = math.NaN()
		c.odd.add(s, row, column)
	}
	held = c.number.add(v)
	if isNumber {
		c.forms.add(f)
		if f >= groups && c.styled == "" {
			c.styled = strings.Clone(s)
		}
	}
	if c.kind == "" {
		held += c.texts.add(s)
		if u := c.odd.unmarked; u > 64 && 8*u > row {
			held += c.becomeCategorical()
		}
	}
	return held, true
}

// addDecimal adds a row with a number that is written as most are, and returns the memory it takes. ok is false, and nothing changes, for anything else.
func (c *column) addDecimal(s string) (held int, ok bool) {
	if c.kind != "" && c.kind != Numeric {
		return 0, false
	}
	mantissa, digits, f, ok := decimal(s)
	if !ok || c.style == pointGroups && digits > 0 {
		return 0, false
	}
	held = c.number.addDecimal(mantissa, digits)
	c.forms.add(f)
	if c.kind == "" {
		held += c.texts.addDecimal(digits)
	}
	return held, true
}

// scan reads a number: in any style while the kind is unknown.
func (c *column) scan(s string, decimalComma bool) (v float64, f form, ok bool) {
	if c.kind == "" {
		return scanAny(s, decimalComma)
	}
	return c.style.scan(s, decimalComma)
}

func (c *column) addText(s string) (held int) {
	k, known := c.place[s]
	if !known {
		if c.place == nil {
			c.place = make(map[string]int32)
		}
		k = int32(len(c.dict))
		s = string([]byte(s)) // a field shares memory with its whole record
		c.dict = append(c.dict, s)
		c.place[s] = k
		held = entrySize + len(s)
	}
	c.codes.add(k)
	return held + codeSize
}

// becomeCategorical turns the values so far into texts, and returns the memory that this takes or, below 0, frees.
func (c *column) becomeCategorical() (held int) {
	c.kind = Categorical
	c.firstText = c.odd.row
	held = -c.number.len()*smallSize - c.texts.held()
	for s := range c.texts.all(&c.number) {
		if s == "" {
			c.codes.add(-1)
			held += codeSize
		} else {
			held += c.addText(s)
		}
	}
	c.number, c.texts, c.odd = series{}, written{}, odd{}
	return held
}

// isConstant reports whether all rows are equal.
func (c *column) isConstant(rows int) bool {
	switch {
	case c.kind == Ignored:
		return false
	case c.kind == Date:
		return len(c.parts) == 0
	case c.missing > 0:
		return c.missing == rows
	case c.kind == Categorical:
		return len(c.dict) <= 1
	}
	for _, v := range c.number.all() {
		if v != c.number.at(0) {
			return false
		}
	}
	return true
}

// countsRows reports whether a column counts the rows in their order, from any number.
func (c *column) countsRows() bool {
	if c.kind != Numeric {
		return false
	}
	for r, v := range c.number.all() {
		if v != c.number.at(0)+float64(r) {
			return false
		}
	}
	return true
}

// isMissing reports whether a row has no value.
func (c *column) isMissing(row int) bool {
	if c.kind == Categorical {
		return *c.codes.at(row) < 0
	}
	return math.IsNaN(c.number.at(row))
}

// firstValueRow returns the first row of a categorical column with a value, or -1.
func (c *column) firstValueRow() int {
	for r, k := range c.codes.all() {
		if k >= 0 {
			return r
		}
	}
	return -1
}

// text returns the value of a row as a string, which is empty if the value is missing.
func (c *column) text(row int) string {
	switch {
	case c.isMissing(row):
		return ""
	case c.kind == Categorical:
		return c.dict[*c.codes.at(row)]
	}
	return formatNumber(c.number.at(row))
}
