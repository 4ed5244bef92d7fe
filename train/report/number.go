package report

import (
	"math"
	"strconv"
	"strings"
)

// number is a number in the page's JSON, with six digits; NaN and infinities, which JSON lacks, become null.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if !finite(v) {
		return []byte("null"), nil
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(nil, int64(v), 10), nil
	}
	return strconv.AppendFloat(nil, v, 'g', 6, 64), nil
}

// rounded formats a number with at most so many significant digits, as people write it: without an exponent unless it is very small or
// large, and with commas between thousands.
func rounded(v float64, digits int) string {
	if !finite(v) {
		return "\u2013"
	}
	if a := math.Abs(v); a != 0 && (a < 9.5e-6 || a >= 1e15) {
		return powers(v, min(digits, 3))
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64) // rounded to so many digits
	if err != nil {
		return powers(v, digits)
	}
	return thousands(strconv.FormatFloat(short, 'f', -1, 64))
}

// powers writes a number with at most so many digits and a power of ten: 2.68 × 10⁻⁸.
func powers(v float64, digits int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	power, _ := strconv.Atoi(exponent) // digits by FormatFloat
	raised := "10" + superscript.Replace(strconv.Itoa(power))
	if mantissa == "1" {
		return raised
	}
	return mantissa + "\u00a0×\u00a0" + raised
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// thousands puts commas into the whole part of a number without exponent.
func thousands(s string) string {
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// grouped formats an integer with commas between thousands.
func grouped(n int) string { return thousands(strconv.Itoa(n)) }

// significant formats a number with four decimals or, if it is large or small, four digits.
func significant(v float64) string {
	if a := math.Abs(v); a >= 0.00095 && a < 10 {
		return strconv.FormatFloat(v, 'f', 4, 64)
	}
	return rounded(v, 4)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// numbers picks values by their indices.
func numbers(values []float64, keep []int) []number {
	out := make([]number, len(keep))
	for i, k := range keep {
		out[i] = number(values[k])
	}
	return out
}
