package csv

// maxDigits is the number of digits up to which a decimal has a text of its own: its digits and those behind the point tell it, and float64 holds it.
const maxDigits = 15

// decimal reads a number as most are written: digits, perhaps behind a minus sign and around a point, without needless zeros in front. Its value is
// mantissa / 10^digits, and the float64 nearest to it is the quotient of the two as float64. ok is false for all other texts, some of which are numbers, too.
func decimal(s string) (mantissa int64, digits int, f form, ok bool) {
	f = digitsOnly | whole
	negative := false
	if len(s) > 1 && s[0] == '-' {
		s, negative, f = s[1:], true, whole
	}
	if len(s) == 0 || len(s) > maxDigits+1 || s[0] == '0' && len(s) > 1 && s[1] != '.' {
		return 0, 0, 0, false
	}
	point := -1
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			if s[i] != '.' || point >= 0 || i == 0 {
				return 0, 0, 0, false
			}
			point = i
			continue
		}
		mantissa = 10*mantissa + int64(c)
	}
	switch {
	case point >= 0:
		digits, f = len(s)-1-point, 0
		if digits == 0 {
			return 0, 0, 0, false
		}
	case len(s) > maxDigits:
		return 0, 0, 0, false
	}
	if negative {
		if mantissa == 0 { // minus zero
			return 0, 0, 0, false
		}
		mantissa = -mantissa
	}
	return mantissa, digits, f, true
}
