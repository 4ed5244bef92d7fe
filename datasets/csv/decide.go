package csv

import (
	"fmt"
	"math"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// maxGuessed is the number of different values up to which whole numbers are taken for classes, and texts are taken
// for classes or categories even if hardly any occurs twice.
const maxGuessed = 20

// maxDecisions is the number of decisions that a person may read.
const maxDecisions = 200

// finish decides the kinds of the columns.
func (r *reader) finish() error {
	if r.Len() == 0 {
		return errors.Errorf("%s: no rows after the header", r.name)
	}
	if r.extra > 0 {
		r.decide("%d of %d lines end in empty fields for which there is no column; they are ignored.", r.extra, r.Len())
	}
	if r.empty > 0 {
		r.decide("%d rows without any value are left out.", r.empty)
	}
	commas := false
	for i := range r.columns {
		r.all.join(&r.columns[i].forms)
	}
	for i := range r.columns {
		c := &r.columns[i]
		if r.newRows {
			if err := r.finishNew(c); err != nil {
				return err
			}
			continue
		}
		r.decideKind(i)
		commas = commas || c.kind == Numeric && c.forms.commas > 0 && c.style == asTable
		c.texts = written{}
	}
	if r.guessComma && commas {
		r.opts.DecimalComma = true
		r.decide("Numbers have decimal commas: 1,5 is one and a half. If that is wrong, use %s.", r.opts.setting("DecimalPoint", "true"))
	}
	if r.opts.Auto {
		for i := range r.columns {
			r.leaveOut(i)
		}
	}
	if n := len(r.decisions) - maxDecisions; n > 0 {
		r.decisions = r.decisions[:maxDecisions:maxDecisions]
		r.decide("%d more decisions about columns are not listed.", n)
	}
	return r.decideProblem()
}

// finishNew ends a column of new rows, of which the kind is known.
func (r *reader) finishNew(c *column) error {
	if c.kind == Numeric && fewTexts*c.odd.unmarked > c.forms.numbers {
		return errors.Errorf("%s:%d:%d: column %s: %s is not a number", r.name, r.lines.of(c.odd.row), c.odd.column, formats.Quote(c.name), formats.Quote(c.odd.text))
	}
	c.missing += c.odd.count()
	return nil
}

// decideKind decides the kind of a column that was read.
func (r *reader) decideKind(i int) {
	c := &r.columns[i]
	target := r.isTarget(i)
	switch {
	case c.kind == "":
		r.decideNumeric(c, target)
	case c.kind == Categorical && !c.forced && !target && r.becomeNumeric(c):
		r.saidStyle(c)
		r.saidOdd(c)
	}
	r.mergeSpellings(c)
	if c.kind != Categorical || c.forced || target {
		return
	}
	if layout, ok := c.findLayout(); ok {
		c.becomeDate(layout)
		r.saidDate(c)
	}
}

// decideNumeric decides whether a column in which mostly numbers came is one of numbers.
func (r *reader) decideNumeric(c *column, target bool) {
	if st := r.styleOf(&c.forms, &r.all); st != asTable || c.forms.otherComma > 0 {
		c.restyle(st, r.decimalComma())
	}
	few := c.odd.few(c.forms.numbers)
	if target {
		few = c.odd.unmarked == 0 && fewTexts*c.odd.marked <= c.forms.numbers
	}
	switch {
	case !few:
		c.becomeCategorical()
	case r.isCode(c, target):
		r.saidCode(c)
		c.becomeCategorical()
		c.code = true
	case c.forms.inexact > 0 && c.forms.whole == c.forms.numbers && !target:
		c.becomeCategorical()
		r.decide("Column %s holds whole numbers above 2^53, such as %s; they are compared as texts. If they are quantities, use %s.",
			formats.Quote(c.name), c.firstValue(), r.opts.setting("Numeric", c.name))
	default:
		c.kind = Numeric
		c.missing += c.odd.count()
		r.saidStyle(c)
		r.saidOdd(c)
	}
}

// firstValue returns the first value of a categorical column, to be shown.
func (c *column) firstValue() string {
	if len(c.dict) == 0 {
		return ""
	}
	return formats.Quote(c.dict[0])
}

// isCode reports whether all numbers of a column are digits, some with leading zeros: they name something then. A target must have few of
// them, or be asked to hold classes.
func (r *reader) isCode(c *column, target bool) bool {
	if c.forms.leadingZero == 0 || c.forms.digitsOnly != c.forms.numbers {
		return false
	}
	if !target || r.opts.Problem == Classes {
		return true
	}
	if r.opts.Problem != "" || len(r.targets) > 1 {
		return false
	}
	distinct := make(map[string]bool)
	for s := range c.texts.all(&c.number) {
		if distinct[s] = true; len(distinct) > maxGuessed {
			return false
		}
	}
	return true
}

func (r *reader) saidCode(c *column) {
	for s := range c.texts.all(&c.number) {
		if _, f, ok := scanNumber(s, false); ok && f&leadingZero != 0 {
			r.decide("Column %s holds codes with leading zeros, such as %s: they are names, not numbers. If they are numbers, use %s.",
				formats.Quote(c.name), formats.Quote(s), r.opts.setting("Numeric", c.name))
			return
		}
	}
}

// becomeNumeric turns a categorical column into one of numbers if its texts are few.
func (r *reader) becomeNumeric(c *column) bool {
	count := make([]int, len(c.dict))
	for _, k := range c.codes.all() {
		if k >= 0 {
			count[k]++
		}
	}
	var n, any forms
	var o odd
	numbers := 0
	value := make([]float64, len(c.dict))
	for _, s := range c.dict {
		if _, f, ok := scanAny(s, r.decimalComma()); ok {
			any.add(f)
		}
	}
	st := r.styleOf(&any, &r.all)
	for k, s := range c.dict {
		v, f, ok := st.scan(s, r.decimalComma())
		if value[k] = v; ok {
			n.add(f)
			if f >= groups && c.styled == "" {
				c.styled = s
			}
			numbers += count[k]
			continue
		}
		value[k] = math.NaN()
		for range count[k] {
			o.add(s, 0, 0)
		}
	}
	if numbers == 0 || !o.few(numbers) || n.leadingZero > 0 && n.digitsOnly == n.numbers || n.inexact > 0 && n.whole == n.numbers {
		return false
	}
	o.row, o.text = c.firstText, c.text(c.firstText)
	c.number = series{}
	for _, k := range c.codes.all() {
		v := nan
		if k >= 0 {
			v = value[k]
		}
		c.number.add(v)
	}
	c.kind, c.forms, c.odd, c.style = Numeric, n, o, st
	c.missing += o.count()
	c.codes, c.dict, c.place = blocks[int32]{}, nil, nil
	return true
}

// saidOdd notes the texts that were taken for missing values.
func (r *reader) saidOdd(c *column) {
	n := c.odd.count()
	if n == 0 {
		return
	}
	verb := "are texts"
	if n == 1 {
		verb = "is a text"
	}
	r.decide("Column %s holds numbers: %d of %d values %s, such as %s on line %d, and taken for missing. If they are categories, use %s.",
		formats.Quote(c.name), n, r.Len()-c.missing+n, verb, formats.Quote(c.odd.text), r.lines.of(c.odd.row), r.opts.setting("Categorical", c.name))
}

// saidDate notes what a date becomes.
func (r *reader) saidDate(c *column) {
	text := fmt.Sprintf("Column %s holds dates (%s); its features are %s.", formats.Quote(c.name), layoutWords(c.layout), partNames(c.parts))
	if n := c.odd.count(); n > 0 {
		text += fmt.Sprintf(" %d of them cannot be read, such as %s on line %d, and count as missing.", n, formats.Quote(c.odd.text), r.lines.of(c.odd.row))
	}
	r.decisions = append(r.decisions, text+" If they are categories, use "+r.opts.setting("Categorical", c.name)+".")
}

func partNames(parts []part) string {
	if len(parts) == 0 {
		return "none, because it is the same in all rows"
	}
	text := string(parts[0])
	for i, p := range parts[1:] {
		if i == len(parts)-2 {
			text += " and " + string(p)
		} else {
			text += ", " + string(p)
		}
	}
	return text
}

// leaveOut leaves out a column that nothing can be learned from. Columns that the options name stay: that is the user's decision.
func (r *reader) leaveOut(i int) {
	c := &r.columns[i]
	if c.forced || c.kind == Ignored || r.isTarget(i) || i == r.id || r.isRole(i) || c.unused {
		return
	}
	name, rows, distinct := formats.Quote(c.name), r.Len()-c.missing, len(c.dict)
	switch {
	case c.missing == r.Len():
		r.decide("Column %s is left out: it is empty.", name)
	case c.isConstant(r.Len()):
		r.decide("Column %s is left out: it is the same in all rows.", name)
	case c.countsRows():
		r.decide("Column %s is left out: it counts the rows. If it is a feature, use %s; if it names the rows, %s.", name,
			r.opts.setting("Numeric", c.name), r.opts.setting("ID", c.name))
	case c.kind == Categorical && (distinct > maxCategories || distinct > maxGuessed && 2*distinct > rows || 10*distinct >= 9*rows):
		if r.becomeWords(c) {
			return
		}
		hint := ""
		if distinct == r.Len() {
			hint = "; if they name the rows, " + r.opts.setting("ID", c.name)
		}
		k := c.firstText
		if c.isMissing(k) {
			k = c.firstValueRow()
		}
		r.decide("Column %s is left out: %d different texts in %d rows, such as %s on line %d. If they are categories, use %s%s.", name, distinct,
			r.Len(), formats.Quote(c.text(k)), r.lines.of(k), r.opts.setting("Categorical", c.name), hint)
	default:
		return
	}
	if i == r.roles.time-1 {
		c.unused = true
		return
	}
	c.kind = Ignored
	c.number, c.codes, c.dict, c.place = series{}, blocks[int32]{}, nil, nil
}
