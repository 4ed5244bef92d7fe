package csv

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Encoder turns tables into features and labels, using the statistics of the rows it was fitted on. It is read-only, and saving and loading
// it preserves every bit. A nil encoder behaves like one that was not fitted.
type Encoder struct{ f fitted }

// settings returns the state of the encoder.
func (e *Encoder) settings() *fitted {
	if e == nil {
		return new(fitted)
	}
	return &e.f
}

// check returns an error if the encoder was not fitted.
func (e *Encoder) check() error {
	if len(e.settings().Targets) == 0 {
		return errors.New("this encoder was not fitted")
	}
	return nil
}

// fitted is the state of an encoder.
type fitted struct {
	Version int `json:"version"`

	// How new tables are read.
	Header       Header   `json:"header"`
	Comma        string   `json:"comma"`
	DecimalComma bool     `json:"decimal_comma,omitempty"`
	Missing      []string `json:"missing"`
	ID           string   `json:"id,omitempty"`
	Weight       string   `json:"weight,omitempty"`

	Numeric     []numeric     `json:"numeric"`
	Categorical []categorical `json:"categorical"`
	Texts       []textual     `json:"texts,omitempty"`

	Problem Problem  `json:"problem"`
	Targets []target `json:"targets"`
	Classes []string `json:"classes,omitempty"`

	Decisions []string `json:"decisions,omitempty"`
}

// numeric is a column of numbers.
type numeric struct {
	Name string  `json:"name"`
	Fill float64 `json:"fill"` // for a missing value: the median
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"` // population standard deviation, 0 marks a constant column
	// Smooth means that Mean is the median and SD the width of the column, and that the smooth clip follows; see datasets.RobustClip.
	Smooth bool `json:"smooth,omitempty"`
	// Indicator means that a column for missing values follows.
	Indicator bool `json:"indicator,omitempty"`
	// Strict means that a text is an error. Texts lists the texts that count as missing values, in addition to the usual ones.
	Strict bool     `json:"strict,omitempty"`
	Texts  []string `json:"texts,omitempty"`
	Style  style    `json:"style,omitempty"`
	// Range has the least and the greatest value of the fitting rows; features stay near it. Empty means no bounds.
	Range []float64 `json:"range,omitempty"`
	// Spike is a value that many rows have, at an end of the others or 0; a feature says which. Nil means none.
	Spike *float64 `json:"spike,omitempty"`
	// Date is where the number comes from if it is a part of a date, else nil.
	Date *datePart `json:"date,omitempty"`
}

// datePart is a part of a column of dates.
type datePart struct {
	Column string `json:"column"`
	Layout string `json:"layout"` // as in package time
	Part   part   `json:"part"`
	First  bool   `json:"first,omitempty"` // of the column; it has the indicator
}

// missingName is the name of the indicator.
func (n *numeric) missingName() string {
	if n.Date != nil {
		return n.Date.Column + " (missing)"
	}
	return n.Name + " (missing)"
}

// categorical is a column of texts, one feature for each category.
type categorical struct {
	Name       string   `json:"name"`
	Categories []string `json:"categories"`
	Fill       int      `json:"fill"` // for a missing value: the most frequent category, -1 if there is none
	Indicator  bool     `json:"indicator,omitempty"`
	// Truth means that the column says yes and no, of which the rows that were fitted on may have one alone.
	Truth bool `json:"truth,omitempty"`
}

// find returns a function that finds the index of the category that a text means, or -1.
func (k *categorical) find() func(s string) int32 { return spelled(k.Categories, k.Truth) }

// target is a column to predict: label = (value - mean) / sd.
type target struct {
	Name string  `json:"name"`
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	// Log is above 0 if labels are logarithms: label = (log(1 + value/Log) - mean) / sd.
	Log   float64 `json:"log,omitempty"`
	Style style   `json:"style,omitempty"`
}

// Problem returns the kind of target.
func (e *Encoder) Problem() Problem { return e.settings().Problem }

// Classes returns the names of the classes in the order of their indices, or nil if the targets are not classes.
func (e *Encoder) Classes() []string { return append([]string(nil), e.settings().Classes...) }

// Tasks returns the names of the targets.
func (e *Encoder) Tasks() []string {
	targets := e.settings().Targets
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.Name
	}
	return names
}

// Value converts a label or prediction of a regression's target to the units of the table. It leaves other labels unchanged. It returns NaN
// for a target that does not exist.
func (e *Encoder) Value(target int, label float64) float64 {
	targets := e.settings().Targets
	if target < 0 || target >= len(targets) {
		return math.NaN()
	}
	return targets[target].value(label)
}

// Scaling returns the scaling that the encoder applies: mean and standard deviation of the numeric columns, and 0 and 1 for categories and
// indicators. With FitScaled they are median and width, and Clip says which columns are clipped. Low and High are the limits beyond which numbers count as
// these limits.
func (e *Encoder) Scaling() batch.Scaling {
	var s batch.Scaling
	smooth := false
	inf := math.Inf(1)
	add := func(mean, sd float64, clip bool, low, high float64) {
		s.Mean, s.SD, s.Clip, s.Low, s.High = append(s.Mean, mean), append(s.SD, sd), append(s.Clip, clip), append(s.Low, low), append(s.High, high)
		smooth = smooth || clip
	}
	for _, c := range e.settings().Numeric {
		add(c.Mean, c.SD, c.Smooth, c.clip(-inf), c.clip(inf))
		for range c.features() - 1 {
			add(0, 1, false, -inf, inf)
		}
	}
	for range len(e.FeatureNames()) - len(s.Mean) {
		add(0, 1, false, -inf, inf)
	}
	if !smooth {
		s.Clip = nil
	}
	return s
}

// ID returns the name of the column with the names of the rows, or an empty string.
func (e *Encoder) ID() string { return e.settings().ID }

// Columns describes the columns that new tables must have: those that the features are made of, numbers and dates first, texts last. It is empty for an
// encoder that was not fitted. Distinct is the number of categories.
func (e *Encoder) Columns() (all []Column) {
	for name, kind := range e.settings().kinds() {
		all = append(all, Column{Name: name, Kind: kind})
	}
	for i, k := range e.settings().Categorical {
		all[len(all)-len(e.f.Texts)-len(e.f.Categorical)+i].Distinct = len(k.Categories)
	}
	return all
}

// Header returns whether tables have a header: yes, or no for columns that are named by their numbers.
func (e *Encoder) Header() Header { return e.settings().Header }

// Decisions returns what was found out about the table that the encoder was fitted on; see [Table.Decisions].
func (e *Encoder) Decisions() []string { return slices.Clone(e.settings().Decisions) }

// FeatureNames returns the names of the features: the numeric columns, then "column=category", then "column: word", each column followed by
// "column (missing)" if it has an indicator, and "column = value" for a value that many rows have.
func (e *Encoder) FeatureNames() []string {
	var names []string
	for _, c := range e.settings().Numeric {
		names = append(names, c.Name)
		if c.Indicator {
			names = append(names, c.missingName())
		}
		if c.Spike != nil {
			names = append(names, c.spikeName())
		}
	}
	for _, c := range e.settings().Categorical {
		for _, k := range c.Categories {
			names = append(names, c.Name+"="+k)
		}
		if c.Indicator {
			names = append(names, c.Name+" (missing)")
		}
	}
	for _, x := range e.settings().Texts {
		names = append(names, x.names()...)
	}
	return names
}

// FeatureColumns returns for each feature, in the order of FeatureNames, the index of its column among Columns.
func (e *Encoder) FeatureColumns() (all []int) {
	place := map[string]int{}
	for i, c := range e.Columns() {
		place[c.Name] = i
	}
	add := func(name string, n int, indicator bool) {
		if indicator {
			n++
		}
		for range n {
			all = append(all, place[name])
		}
	}
	for _, c := range e.settings().Numeric {
		name := c.Name
		if c.Date != nil {
			name = c.Date.Column
		}
		add(name, c.features(), false)
	}
	for _, c := range e.settings().Categorical {
		add(c.Name, len(c.Categories), c.Indicator)
	}
	for _, x := range e.settings().Texts {
		add(x.Name, x.features(), false)
	}
	return all
}

// cols returns the numbers of features from numeric and from categorical columns.
func (f *fitted) cols() (dense, sparse int) {
	for _, c := range f.Numeric {
		dense += c.features()
	}
	for _, c := range f.Categorical {
		sparse += len(c.Categories)
		if c.Indicator {
			sparse++
		}
	}
	for _, x := range f.Texts {
		sparse += x.features()
	}
	return dense, sparse
}

// notes describes a set in one line.
func (f *fitted) notes(t *Table) string {
	var what string
	switch names := (&Encoder{*f}).Tasks(); f.Problem {
	case Classes:
		what = fmt.Sprintf("%s has %d classes", names[0], len(f.Classes))
	case Binary:
		what = strings.Join(names, ", ") + ": binary"
	default:
		what = strings.Join(names, ", ") + ": regression"
		switch to := &f.Targets[0]; {
		case to.Log > 0:
			what += ", labels are standardized logarithms"
		case to.Mean != 0 || to.SD != 1:
			what += ", labels standardized"
		}
	}
	numbers, dates := 0, 0
	for _, kind := range f.kinds() {
		switch kind {
		case Numeric:
			numbers++
		case Date:
			dates++
		}
	}
	columns := fmt.Sprintf("%d numeric and %d categorical columns", numbers, len(f.Categorical))
	if dates > 0 {
		columns = fmt.Sprintf("%d numeric, %d categorical and %d date columns", numbers, len(f.Categorical), dates)
	}
	if n := len(f.Texts); n > 0 {
		columns += fmt.Sprintf(", %d of texts", n)
	}
	return fmt.Sprintf("%s: %d rows, %s; %s", t.name, t.Len(), columns, what)
}

// column returns the named column of a table, which must be of the given kind.
func (t *Table) column(name string, kind Kind) (*column, error) {
	at, ok := t.place[name]
	if !ok {
		return nil, errors.Errorf("%s: no column %s; there are %s", t.name, formats.Quote(name), list(t.names()))
	}
	c := &t.columns[at]
	if c.kind != kind {
		return nil, errors.Errorf("%s: column %s is %s, but was %s when the encoder was fitted; read the table with Encoder.Read",
			t.name, formats.Quote(name), c.kind, kind)
	}
	return c, nil
}
