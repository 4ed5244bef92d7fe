package csv

import "math"

// Kind is the kind of values in a column.
type Kind string

// The kinds of column.
const (
	Numeric     Kind = "numeric"
	Categorical Kind = "categorical"
	Ignored     Kind = "ignored"
)

// Column describes a column of a table.
type Column struct {
	Name    string
	Kind    Kind
	Missing int // rows without a value
	// Distinct is the number of different texts of a categorical column, 0 for others.
	Distinct int
}

// column is a column of a table. While it is being read and has only numbers so far, its kind is empty and texts holds them as written, in
// case a text follows.
type column struct {
	name    string
	kind    Kind
	forced  bool // the kind was given, not inferred
	missing int

	number []float64 // numeric: NaN is missing
	code   []int32   // categorical: index in dict, -1 is missing
	dict   []string
	place  map[string]int32

	texts     cells
	firstText int // row of the first value that is not a number
}

// addMissing adds a row without a value.
func (c *column) addMissing() {
	c.missing++
	switch c.kind {
	case Numeric:
		c.number = append(c.number, math.NaN())
	case Categorical:
		c.code = append(c.code, -1)
	case "":
		c.number = append(c.number, math.NaN())
		c.texts.add("")
	}
}

// add adds a row with a value. It returns false for a text in a column that must be numeric.
func (c *column) add(s string, decimalComma bool) bool {
	switch c.kind {
	case Ignored:
		return true
	case Categorical:
		c.addText(s)
		return true
	}
	v, isNumber := parseNumber(s, decimalComma)
	switch {
	case isNumber:
		c.number = append(c.number, v)
		if c.kind == "" {
			c.texts.add(s)
		}
		return true
	case c.kind == Numeric:
		return false
	}
	c.becomeCategorical()
	c.addText(s)
	return true
}

func (c *column) addText(s string) {
	k, known := c.place[s]
	if !known {
		if c.place == nil {
			c.place = make(map[string]int32)
		}
		k = int32(len(c.dict))
		s = string([]byte(s)) // a field shares memory with its whole record
		c.dict = append(c.dict, s)
		c.place[s] = k
	}
	c.code = append(c.code, k)
}

// becomeCategorical turns the numbers so far into texts.
func (c *column) becomeCategorical() {
	c.kind = Categorical
	c.firstText = len(c.number)
	for r, v := range c.number {
		if math.IsNaN(v) {
			c.code = append(c.code, -1)
		} else {
			c.addText(c.texts.at(r))
		}
	}
	c.number, c.texts = nil, cells{}
}

// finish decides the kind of a column that has only numbers.
func (c *column) finish() {
	if c.kind == "" {
		c.kind = Numeric
	}
	c.texts = cells{}
}

// isConstant reports whether all rows are equal.
func (c *column) isConstant(rows int) bool {
	switch {
	case c.kind == Ignored:
		return false
	case c.missing > 0:
		return c.missing == rows
	case c.kind == Categorical:
		return len(c.dict) <= 1
	}
	for _, v := range c.number {
		if v != c.number[0] {
			return false
		}
	}
	return true
}

// isMissing reports whether a row has no value.
func (c *column) isMissing(row int) bool {
	if c.kind == Categorical {
		return c.code[row] < 0
	}
	return math.IsNaN(c.number[row])
}

// text returns the value of a row as a string, which is empty if the value is missing.
func (c *column) text(row int) string {
	switch {
	case c.isMissing(row):
		return ""
	case c.kind == Categorical:
		return c.dict[c.code[row]]
	}
	return formatNumber(c.number[row])
}

// cells are strings, stored one after the other in a single block of memory.
type cells struct {
	text []byte
	end  []int
}

func (c *cells) add(s string) {
	c.text = append(c.text, s...)
	c.end = append(c.end, len(c.text))
}

func (c *cells) at(i int) string {
	from := 0
	if i > 0 {
		from = c.end[i-1]
	}
	return string(c.text[from:c.end[i]])
}
