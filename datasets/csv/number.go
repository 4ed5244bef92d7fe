package csv

import (
	"math"
	"strconv"
	"strings"
)

// form is how a number is written.
type form uint16

const (
	digitsOnly   form = 1 << iota // no sign, point or exponent
	whole                         // digits, possibly behind a sign
	leadingZero                   // digits only, more than one, the first a zero
	inexact                       // whole, and beyond 2^53 and not a float64
	hasComma                      // a decimal comma
	groups                        // separators between thousands
	currency                      // of an amount
	percent                       // a percent sign
	brackets                      // parentheses or a long dash for a minus sign
	otherComma                    // a number if commas mean something else than in the table
	commasGroup                   // commas must be between thousands
	pointsGroup                   // points must be between thousands
	commaDecimal                  // a comma must be a decimal one
)

// forms counts how the numbers of a column are written.
type forms struct {
	numbers, digitsOnly, whole, leadingZero, inexact, commas                                int
	groups, currency, percent, brackets, otherComma, commasGroup, pointsGroup, commaDecimal int
}

// join adds the counts of another column.
func (n *forms) join(o *forms) {
	n.commas += o.commas
	n.commasGroup += o.commasGroup
	n.commaDecimal += o.commaDecimal
}

// nan is a missing value.
var nan = math.NaN()

func (n *forms) add(f form) {
	n.numbers++
	if f == 0 {
		return
	}
	n.digitsOnly += int(f & digitsOnly / digitsOnly)
	n.whole += int(f & whole / whole)
	n.leadingZero += int(f & leadingZero / leadingZero)
	n.inexact += int(f & inexact / inexact)
	n.commas += int(f & hasComma / hasComma)
	if f < groups {
		return
	}
	n.groups += int(f & groups / groups)
	n.currency += int(f & currency / currency)
	n.percent += int(f & percent / percent)
	n.brackets += int(f & brackets / brackets)
	n.otherComma += int(f & otherComma / otherComma)
	n.commasGroup += int(f & commasGroup / commasGroup)
	n.pointsGroup += int(f & pointsGroup / pointsGroup)
	n.commaDecimal += int(f & commaDecimal / commaDecimal)
}

// parseNumber reads a decimal number. Words such as inf, hexadecimal digits and numbers beyond float64 do not count.
func parseNumber(s string, decimalComma bool) (float64, bool) {
	v, _, ok := scanNumber(s, decimalComma)
	return v, ok
}

// scanNumber is parseNumber, and returns how the number is written.
func scanNumber(s string, decimalComma bool) (v float64, f form, ok bool) {
	digits, commas, points := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == ',' && decimalComma:
			commas++
		case c == '.':
			points++
		case c == '+', c == '-', c == 'e', c == 'E':
		default:
			return 0, 0, false
		}
	}
	if digits == 0 {
		return 0, 0, false
	}
	if commas == 1 && points == 0 {
		s, f = strings.Replace(s, ",", ".", 1), hasComma
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, 0, false
	}
	switch {
	case digits == len(s):
		f |= digitsOnly | whole
		if s[0] == '0' && len(s) > 1 {
			f |= leadingZero
		}
	case digits == len(s)-1 && (s[0] == '-' || s[0] == '+'):
		f |= whole
	}
	if f&whole != 0 && math.Abs(v) > 1<<53 && strings.TrimLeft(s, "+-0") != strconv.FormatFloat(math.Abs(v), 'f', 0, 64) {
		f |= inexact
	}
	return v, f, true
}

// formatNumber formats a number with as few digits as identify it.
func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// markers are texts that stand for no value or no finite number in many tables, beside those of DefaultMissing.
var markers = map[string]bool{
	"-": true, "--": true, "---": true, ".": true, "..": true, "...": true, "*": true, "#": true, "??": true,
	"na": true, "#na": true, "n/k": true, "nk": true, "n.a.": true, "n.k.": true, "nil": true, "none": true, "null": true, "nul": true, "#null!": true,
	"nan": true, "-nan": true, "+nan": true, "nan(ind)": true, "-nan(ind)": true, "1.#qnan": true, "-1.#qnan": true, "1.#ind": true, "-1.#ind": true,
	"1.#snan": true, "1.#inf": true, "-1.#inf": true, "inf": true, "-inf": true, "+inf": true, "infinity": true, "-infinity": true, "+infinity": true,
	"unknown": true, "unk": true, "missing": true, "not available": true, "not applicable": true, "not known": true, "undefined": true, "void": true,
	"#value!": true, "#div/0!": true, "#ref!": true, "#name?": true, "#num!": true,
}

// isMarker reports whether a text among numbers stands for no value.
func isMarker(s string) bool { return len(s) <= 16 && markers[strings.ToLower(s)] }
