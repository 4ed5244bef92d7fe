package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/selfnorm/selfnorm/internal/english"
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

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// numbers picks values by their indices.
func numbers(values []float64, keep []int) []number {
	out := make([]number, len(keep))
	for i, k := range keep {
		out[i] = number(values[k])
	}
	return out
}

// noValue stands for a number that is not finite.
const noValue = "\u2013"

// significant formats a measured number as people write it: 0.8397, 0.0010, 12.34, 12,060, and 2.68 × 10⁻⁵ beyond all that.
func significant(v float64) string {
	switch a := math.Abs(v); {
	case !finite(v):
		return noValue
	case v == 0:
		return "0"
	case a < 1e-4-5e-8 || a >= 1e9:
		return powers(v)
	case a < 0.00095:
		return strconv.FormatFloat(v, 'f', 6, 64)
	case a < 9.99995:
		return strconv.FormatFloat(v, 'f', 4, 64)
	case a < 99.995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case a < 999.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return english.Thousands(int(math.Round(v)))
}

// powers writes a number with at most three digits and a power of ten.
func powers(v float64) string {
	text := strconv.FormatFloat(v, 'e', 2, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	power, _ := strconv.Atoi(exponent) // digits by FormatFloat
	if exponent = "10" + raised.Replace(strconv.Itoa(power)); mantissa == "1" {
		return exponent
	}
	return fmt.Sprintf("%s\u00a0×\u00a0%s", mantissa, exponent)
}

var raised = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// count formats a number of rows, which weights can make a fraction.
func count(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return english.Thousands(int(v))
	}
	return significant(v)
}
