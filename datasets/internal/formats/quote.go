package formats

import (
	"unicode"
	"unicode/utf8"
)

// Quote shows a text from a file in an error: in quotes, cut if it is long.
func Quote(s string) string {
	const most = 40
	quoted := make([]byte, 0, most+8)
	quoted = append(quoted, '"')
	for _, c := range s {
		next := appendRune(quoted, c)
		if len(next) > most {
			return string(quoted) + `..."`
		}
		quoted = next
	}
	return string(append(quoted, '"'))
}

func appendRune(b []byte, c rune) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', byte(c))
	case c == '\n':
		return append(b, `\n`...)
	case unicode.IsPrint(c) || c == utf8.RuneError:
		return utf8.AppendRune(b, c)
	}
	return append(b, '?')
}
