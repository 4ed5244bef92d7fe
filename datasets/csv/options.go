package csv

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Options determine how to read a table. Only the target has no default.
//
// Columns are named as in the header. A number that is not the name of a column counts columns from 1, or from the right if it is negative:
// "-1" is the last column. Without a header the columns are named "1", "2" and so on.
type Options struct {
	// Target is the column to predict.
	Target string
	// Targets are the columns to predict if there are several. Then leave Target empty.
	Targets []string
	// Problem is the kind of target. Empty means that it follows from the values.
	Problem Problem
	// RawTarget leaves the labels of a regression in the units of the table. They are standardized otherwise, because
	// networks learn values near zero.
	RawTarget bool

	// Ignore names columns to omit, such as row numbers and free text.
	Ignore []string
	// Categorical names columns whose values are categories although they look like numbers, or although there are more than 100 different
	// ones.
	Categorical []string
	// Numeric names columns in which anything but a number is an error.
	Numeric []string
	// ID is the column with the names of the rows. It becomes Set.IDs and is not a feature.
	ID string

	// Weight is a column with the weights of the rows, in losses and metrics. It is not a feature.
	Weight string
	// Group is a column that names the group of a row, such as a patient with several visits. It is not a feature; see [Table.Groups].
	Group string
	// Time is a column of dates or numbers that tells the order of the rows; see [Table.Times]. It is a feature unless Ignore names it.
	Time string

	// Header determines whether the first line holds the column names. Empty means that it does if it contains no number, or the name of a
	// target.
	Header Header
	// Comma separates fields. 0 means whichever of comma, semicolon, tab and bar divides the first lines evenly.
	Comma rune
	// DecimalComma reads 1,5 as one and a half.
	DecimalComma bool
	// DecimalPoint keeps Auto from looking for decimal commas.
	DecimalPoint bool
	// Auto makes the decisions of a person who looks at the table. Numbers have decimal commas if commas do not separate fields and
	// that makes numbers of texts. Columns that nothing can be learned from are left out: those that are the same in all rows, count the rows,
	// or hold texts of which nearly all differ or more than 100 do. Empty rows are left out.
	Auto bool
	// Missing are the texts that stand for a missing value. Nil means [DefaultMissing]; the empty text is always one.
	Missing []string

	// MaxMemory bounds the memory in bytes of the table that is read. 0 means 1 GiB.
	MaxMemory int64
	// Setting words the advice to set an option, in errors and in [Table.Decisions]. Nil means the fields of Options; a command names its flags.
	Setting func(option, value string) string

	// TestShare is the share of the rows, below 1, that [Load] keeps for the test part. 0 means 0.2; a negative number means none.
	TestShare float64
	// Seed is the seed of the split.
	Seed uint64

	noneIsClass bool // the text None may be the name of a class
}

// maxMemory is the default of Options.MaxMemory.
const maxMemory = 1 << 30

// longestAdvice bounds the length of a value in an advice, in bytes. Nobody types a longer name.
const longestAdvice = 100

// setting words the advice to set an option.
func (o *Options) setting(option, value string) string {
	if len(value) > longestAdvice {
		value = ""
	}
	switch {
	case o.Setting != nil:
		return o.Setting(option, value)
	case value == "":
		return option
	}
	return option + ": " + strconv.Quote(value)
}

// Problem is a kind of target.
type Problem string

// The kinds of target.
const (
	Classes    Problem = "classes"    // each row belongs to one of several classes
	Binary     Problem = "binary"     // each target is 0 or 1 (or missing)
	Regression Problem = "regression" // each target is a number
)

// Header is whether a table has a header line.
type Header string

// The kinds of header.
const (
	HeaderAuto Header = ""
	HeaderYes  Header = "yes"
	HeaderNo   Header = "no"
)

// DefaultMissing returns the texts that mark a missing value if Options.Missing is nil.
func DefaultMissing() []string {
	return []string{"NA", "N/A", "#N/A", "n/a", "<NA>", "NaN", "nan", "NULL", "null", "None", "?"}
}

// withDefaults fills in the defaults, and returns an error for values out of range.
func (o Options) withDefaults() (Options, error) {
	if o.Target != "" && len(o.Targets) > 0 {
		return o, errors.New("both Target and Targets are set")
	}
	if o.Target != "" {
		o.Targets = []string{o.Target}
	}
	if o.Missing == nil {
		o.Missing, o.noneIsClass = DefaultMissing(), true
	}
	if o.MaxMemory == 0 {
		o.MaxMemory = maxMemory
	}
	if o.MaxMemory < 0 {
		return o, errors.Errorf("a limit of %d bytes of memory", o.MaxMemory)
	}
	if o.TestShare == 0 {
		o.TestShare = 0.2
	}
	if math.IsNaN(o.TestShare) || o.TestShare >= 1 {
		return o, errors.Errorf("share %v of rows for testing", o.TestShare)
	}
	switch o.Problem {
	case "", Classes, Binary, Regression:
	default:
		return o, errors.Errorf("unknown problem %q", o.Problem)
	}
	switch o.Header {
	case HeaderAuto, HeaderYes, HeaderNo:
	default:
		return o, errors.Errorf("unknown kind of header %q", o.Header)
	}
	if strings.ContainsRune("\"\r\n\uFFFD.+-", o.Comma) || o.Comma != 0 && !utf8.ValidRune(o.Comma) || o.DecimalComma && o.Comma == ',' {
		return o, errors.Errorf("%q cannot separate fields", o.Comma)
	}
	return o, nil
}

// list shows names, the first ones if there are many or they are long.
func list(names []string) string {
	text := ""
	for i, name := range names {
		quoted := formats.Quote(name)
		if i == 20 || len(text)+len(quoted) > 120 {
			return text + " and " + strconv.Itoa(len(names)-i) + " more"
		}
		if i > 0 {
			text += ", "
		}
		text += quoted
	}
	return text
}
