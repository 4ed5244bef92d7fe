package csv

import (
	"math"
	"strconv"
	"strings"
)

// parseNumber parses a decimal number. It rejects words such as inf, hexadecimal digits, and numbers beyond float64.
func parseNumber(s string, decimalComma bool) (float64, bool) {
	digits := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == '+', c == '-', c == '.', c == 'e', c == 'E', c == ',' && decimalComma:
		default:
			return 0, false
		}
	}
	if !digits {
		return 0, false
	}
	if decimalComma && strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// formatNumber formats a number with as few digits as identify it.
func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
