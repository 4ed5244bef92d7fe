package csv

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// style is how the numbers of a column are written.
type style uint8

const (
	asTable     style = iota // decimal commas if the table has them; else commas are between thousands
	points                   // decimal points; commas are between thousands
	commas                   // decimal commas; points may be between thousands
	pointGroups              // decimal commas; every point is between thousands
)

// longestNumber bounds the bytes of a number with separators or signs.
const longestNumber = 48

// scan reads a number of the column. comma means that the table has decimal commas.
func (st style) scan(s string, comma bool) (v float64, f form, ok bool) {
	if st != asTable {
		comma = st != points
	}
	if st != pointGroups || strings.IndexByte(s, '.') < 0 {
		if v, f, ok = scanNumber(s, comma); ok {
			return v, f, true
		}
	}
	return scanStyled(s, comma)
}

// scanAny reads a number in any style, that of the table first, and returns what it says about the style.
func scanAny(s string, comma bool) (v float64, f form, ok bool) {
	if v, f, ok = scanNumber(s, comma); ok && f&hasComma == 0 {
		return v, f, true
	}
	if !ok {
		v, f, ok = scanStyled(s, comma)
	}
	if !ok {
		if v, f, ok = asTable.scan(s, !comma); !ok {
			return 0, 0, false
		}
		f |= otherComma
	}
	return v, f | separators(s), true
}

// scanStyled reads a number with separators between thousands, a currency, a percent sign, or parentheses for a minus sign.
func scanStyled(s string, comma bool) (v float64, f form, ok bool) {
	core, negative, signs := stripped(s)
	if core == "" {
		return 0, 0, false
	}
	decimal, other := byte('.'), byte(',')
	if comma {
		decimal, other = ',', '.'
	}
	whole, fraction := core, ""
	if at := strings.IndexByte(core, decimal); at >= 0 {
		whole, fraction = core[:at], core[at+1:]
	} else if at := strings.IndexAny(core, "eE"); at >= 0 {
		whole, fraction = core[:at], core[at:]
	}
	digits, grouped, ok := ungrouped(whole, other)
	if !ok || strings.ContainsAny(fraction, "_xXpP") || signs == 0 && !grouped {
		return 0, 0, false
	}
	if fraction != "" && fraction[0] != 'e' && fraction[0] != 'E' {
		digits += "."
	}
	v, _, ok = scanNumber(digits+fraction, false)
	if !ok {
		return 0, 0, false
	}
	if negative {
		v = -v
	}
	f = signs // it is no code
	if grouped {
		f |= groups
	}
	if comma && strings.IndexByte(core, ',') >= 0 {
		f |= hasComma
	}
	return v, f, true
}

// ungrouped returns the digits of a whole number. Behind the first separator there are groups of two or three digits, the last of three; all
// separators are the same. It may be empty, as in .5.
func ungrouped(s string, separator byte) (digits string, grouped, ok bool) {
	var b strings.Builder
	first, group := rune(0), 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
			group++
			continue
		case c != rune(separator) && !strings.ContainsRune(" '\u2019\u00a0\u202f\u2009", c),
			first != 0 && c != first,
			first == 0 && (group == 0 || group > 3),
			first != 0 && group != 2 && group != 3:
			return "", false, false
		}
		first, group = c, 0
	}
	return b.String(), first != 0, first == 0 || group == 3
}

// currencies are signs and codes beside an amount. A longer one comes before its part.
var currencies = []string{
	"US$", "NZ$", "HK$", "R$", "A$", "C$", "S$", "$", "\u20ac", "\u00a3", "\u00a5", "\u20b9", "\u20bd", "\u20a9", "\u20ba", "\u20b4", "\u20ab", "\u0e3f", "\u20aa", "\u20a6", "\u20b1", "\u00a2",
	"USD", "EUR", "GBP", "JPY", "CNY", "RMB", "CHF", "INR", "RUB", "BRL", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "MXN",
	"ZAR", "KRW", "TRY", "SGD", "HKD", "Rs.", "Rs", "Fr.", "kr.", "kr", "z\u0142",
}

// stripped returns a number without its signs, and which there were. It is empty if the text is no number.
func stripped(s string) (core string, negative bool, signs form) {
	if len(s) > longestNumber {
		return "", false, 0
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, negative, signs = s[1:len(s)-1], true, brackets
	}
	minus := func() {
		s = strings.TrimSpace(s)
		for _, sign := range []string{"-", "\u2212", "+"} {
			if rest, ok := strings.CutPrefix(s, sign); ok && signs&brackets == 0 {
				if sign == "\u2212" || sign == "-" {
					negative = !negative
				}
				if sign == "\u2212" {
					signs |= brackets
				}
				s = strings.TrimSpace(rest)
				return
			}
		}
	}
	minus()
	for _, c := range currencies {
		rest, ok := strings.CutPrefix(s, c)
		if !ok {
			rest, ok = strings.CutSuffix(s, c)
		}
		if ok {
			s = rest
			signs |= currency
			minus()
			break
		}
	}
	if rest, ok := strings.CutSuffix(s, "%"); ok && signs&currency == 0 {
		s = rest
		signs |= percent
	}
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '.' && s[0] != ',' && (s[0] < '0' || s[0] > '9') || !utf8.ValidString(s) {
		return "", false, 0
	}
	return s, negative, signs
}

// separators returns the bits of form for the commas and points of a number, from which the style of its column follows.
func separators(s string) form {
	core, _, _ := stripped(s)
	nc, np := strings.Count(core, ","), strings.Count(core, ".")
	lc, lp := strings.LastIndexByte(core, ','), strings.LastIndexByte(core, '.')
	switch {
	case nc == 0 && np >= 2:
		return pointsGroup
	case nc >= 2 && np == 0, nc >= 1 && np == 1 && lc < lp:
		return commasGroup
	case nc == 1 && np >= 1:
		if np == 1 && lp == 1 && core[0] == '0' {
			return 0
		}
		return commaDecimal | pointsGroup
	case nc == 1 && np == 0 && (len(core)-lc-1 != 3 || lc == 0 || lc > 3 || core[0] == '0'):
		return commaDecimal
	}
	return 0
}

// styleOf decides the style of a column from the forms of its numbers. table holds those of all columns.
func (r *reader) styleOf(n, table *forms) style {
	comma := r.decimalComma()
	switch {
	case !r.opts.Auto:
		return asTable
	case n.commasGroup > 0 && n.commaDecimal == 0:
		if comma {
			return points
		}
	case n.pointsGroup > 0 && !r.opts.DecimalPoint && n.commasGroup == 0:
		return pointGroups
	case n.commaDecimal > 0 && !comma && !r.opts.DecimalPoint && n.commasGroup == 0:
		return commas
	case n.commas > 0 && r.guessComma && table.commasGroup > 0 && table.commaDecimal == 0:
		return points
	}
	return asTable
}

// restyle reads the numbers of a column again, whose style is now known.
func (c *column) restyle(st style, comma bool) {
	old := c.number
	c.style, c.forms, c.number = st, forms{}, series{}
	c.odd = odd{known: c.odd.known}
	row := 0
	for s := range c.texts.all(&old) {
		v, f, ok := 0.0, form(0), false
		if s != "" {
			if v, f, ok = st.scan(s, comma); ok {
				c.forms.add(f)
			} else {
				c.odd.add(s, row, 0)
			}
		}
		if !ok {
			v = nan
		}
		c.number.add(v)
		row++
	}
}

// saidStyle notes how the numbers of a column are read.
func (r *reader) saidStyle(c *column) {
	n := &c.forms
	var what []string
	for _, w := range []struct {
		n    int
		text string
	}{{n.groups, "separators between thousands"}, {n.currency, "currencies"}, {n.percent, "percent signs"}, {n.brackets, "minus signs of other kinds"}} {
		if w.n > 0 {
			what = append(what, w.text)
		}
	}
	if c.style == commas || c.style == pointGroups && n.commas > 0 {
		what = append(what, "decimal commas")
	}
	if len(what) == 0 || c.styled == "" {
		return
	}
	text := strings.Join(what, ", ")
	if k := len(what) - 1; k > 0 {
		text = strings.Join(what[:k], ", ") + " and " + what[k]
	}
	v, _, ok := c.style.scan(c.styled, r.decimalComma())
	if !ok {
		return
	}
	r.decide("Column %s holds numbers with %s: %s is %s. If they are categories, use %s.", formats.Quote(c.name), text, formats.Quote(c.styled),
		strconv.FormatFloat(v, 'g', -1, 64), r.opts.setting("Categorical", c.name))
}
