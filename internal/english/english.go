// Package english writes values as English sentences have them.
package english

import "strconv"

// Thousands writes an integer with commas between thousands: 12,060.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
