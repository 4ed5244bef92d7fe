package csv

import (
	"math"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// maxCategories is the number of categories above which the caller must name a column of texts.
const maxCategories = 100

// Fit creates an encoder from the given rows: medians, means, deviations, categories. Only the names of the classes come from the whole
// table, so that they are the same in every fold. It returns an error if no target was named, if no feature column is left, if a column
// that was not named in Options.Categorical has more than 100 categories, if a regression's target is constant, or if a row index is out of
// range.
func (t *Table) Fit(rows []int) (*Encoder, error) {
	if t == nil {
		return nil, errors.New("csv: fit: the table is nil")
	}
	f, err := t.fit(rows, false)
	if err != nil {
		return nil, errors.Wrap(err, "csv: fit")
	}
	return &Encoder{*f}, nil
}

// fit fits an encoder; robust scales columns of numbers by their quartiles.
func (t *Table) fit(rows []int, robust bool) (*fitted, error) {
	if len(t.targets) == 0 {
		return nil, errors.Errorf("%s: no target; name one of the columns %s", t.name, list(t.names()))
	}
	if len(rows) == 0 {
		return nil, errors.Errorf("%s: no rows to fit on", t.name)
	}
	for _, r := range rows {
		if r < 0 || r >= t.Len() {
			return nil, errors.Errorf("%s: row %d is outside 0..%d", t.name, r, t.Len()-1)
		}
	}
	f := &fitted{
		Version: encoderVersion,
		Header:  t.opts.Header, Comma: string(t.opts.Comma), DecimalComma: t.opts.DecimalComma, Missing: t.opts.Missing,
		Numeric: []numeric{}, Categorical: []categorical{},
		Problem: t.problem, Classes: t.classes, Decisions: t.decisions,
	}
	if t.id >= 0 {
		f.ID = t.columns[t.id].name
	}
	if w := t.roles.weight; w > 0 {
		f.Weight = t.columns[w-1].name
	}
	for i := range t.columns {
		c := &t.columns[i]
		var err error
		switch {
		case t.isTarget(i) || i == t.id || t.isRole(i) || c.unused:
		case c.kind == Numeric:
			err = f.addNumeric(c, numeric{Name: c.name, Strict: c.strict, Texts: c.odd.texts(), Style: c.style}, rows, robust, func(v float64) float64 { return v })
			if err == nil && !t.opts.Auto { // a feature that nobody has asked for
				f.Numeric[len(f.Numeric)-1].Spike = nil
			}
		case c.kind == Date:
			for k, p := range c.parts {
				n := numeric{Name: c.name + " (" + string(p) + ")", Date: &datePart{Column: c.name, Layout: c.layout, Part: p, First: k == 0}}
				if err = f.addNumeric(c, n, rows, robust, p.of); err != nil {
					break
				}
			}
		case c.words:
			err = f.addTexts(t, c, rows)
		case c.kind == Categorical:
			err = f.addCategorical(t, c, rows)
		}
		if err != nil {
			return nil, errors.Wrap(err, t.name)
		}
	}
	if dense, sparse := f.cols(); dense+sparse == 0 {
		return nil, errors.Errorf("%s: no column is left as a feature", t.name)
	}
	return f, t.fitTargets(f, rows)
}

// addNumeric adds a feature of a column of numbers or dates.
func (f *fitted) addNumeric(c *column, n numeric, rows []int, robust bool, of func(v float64) float64) error {
	values := make([]float64, 0, len(rows))
	for _, r := range rows {
		if v := of(c.number.at(r)); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	n.Indicator = len(values) < len(rows) && (n.Date == nil || n.Date.First)
	n.Fill = median(values)
	if len(values) > 0 {
		n.Range = []float64{values[0], values[len(values)-1]} // they are sorted now
	}
	if n.Date == nil {
		n.findSpike(values)
	}
	for len(values) < len(rows) {
		values = append(values, n.Fill)
	}
	if err := n.fitScale(c, values, robust); err != nil {
		return err
	}
	f.Numeric = append(f.Numeric, n)
	return nil
}

func (f *fitted) addCategorical(t *Table, c *column, rows []int) error {
	count := make([]int, len(c.dict))
	missing := 0
	for _, r := range rows {
		if k := *c.codes.at(r); k >= 0 {
			count[k]++
		} else {
			missing++
		}
	}
	k := categorical{Name: c.name, Categories: []string{}, Fill: -1, Indicator: missing > 0, Truth: !c.forced && !c.code && areTruths(c.dict)}
	for i, s := range c.dict {
		if count[i] > 0 {
			k.Categories = append(k.Categories, s)
		}
	}
	if n := len(k.Categories); n > maxCategories && !c.forced {
		return errors.Errorf("column %s has %d different texts; the first is %s on line %d; "+
			"if they are categories, use %s, if it is of no use, %s, if they mean no value, %s",
			formats.Quote(c.name), n, formats.Quote(c.text(c.firstText)), t.lines.of(c.firstText),
			t.opts.setting("Categorical", c.name), t.opts.setting("Ignore", c.name), t.opts.setting("Missing", ""))
	}
	slices.Sort(k.Categories)
	for i, s := range k.Categories {
		if k.Fill < 0 || count[c.place[s]] > count[c.place[k.Categories[k.Fill]]] {
			k.Fill = i
		}
	}
	f.Categorical = append(f.Categorical, k)
	return nil
}

// fitTargets computes the scale of the targets of a regression.
func (t *Table) fitTargets(f *fitted, rows []int) error {
	for _, at := range t.targets {
		c := &t.columns[at]
		scale := target{Name: c.name, Mean: 0, SD: 1, Style: c.style}
		if t.problem == Regression && !t.opts.RawTarget {
			var values []float64
			for _, r := range rows {
				if v := c.number.at(r); !math.IsNaN(v) {
					values = append(values, v)
				}
			}
			var ok bool
			if scale.Mean, scale.SD, ok = moments(values); !ok || scale.SD == 0 {
				return errors.Errorf("%s: target %s: %d values with mean %v and standard deviation %v cannot be scaled",
					t.name, formats.Quote(c.name), len(values), scale.Mean, scale.SD)
			}
		}
		f.Targets = append(f.Targets, scale)
	}
	return nil
}

// moments returns the mean and the population standard deviation, which is exactly 0 if all values are equal.
// ok is false if a sum is too large for float64, or there are no values.
func moments(values []float64) (mean, sd float64, ok bool) {
	if len(values) == 0 {
		return 0, 0, false
	}
	low, high, n := values[0], values[0], float64(len(values))
	for _, v := range values {
		mean += v
		low, high = min(low, v), max(high, v)
	}
	if low == high {
		return low, 0, true
	}
	mean /= n
	rest := 0.0 // sum of deviations: zero but for rounding
	for _, v := range values {
		d := v - mean
		sd += d * d
		rest += d
	}
	sd = math.Sqrt(max(0, sd-rest*rest/n) / n)
	return mean, sd, sd > 0 && !math.IsInf(sd, 0)
}

// median returns the middle value, or the mean of the two in the middle; 0 if there are none. It sorts the values.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	slices.Sort(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return values[n/2-1]/2 + values[n/2]/2
}
