package csv

import (
	"slices"
	"strconv"
	"strings"
)

// sniffComma returns the separator of a table that starts like the sample: the most frequent of tab, semicolon, bar and
// comma among those that occur equally often in all lines, outside quotes; if there is none, the most frequent in the first
// line. whole means that the sample is the whole table.
func sniffComma(sample []byte, whole bool) rune {
	const candidates = "\t;|,"
	lines := countOutsideQuotes(sample, whole, candidates)
	best, most := ',', 0
	for i, c := range candidates {
		n := lines[0][i]
		even := !slices.ContainsFunc(lines, func(l [len(candidates)]int) bool { return l[i] != n })
		if even && n > most {
			best, most = c, n
		}
	}
	if most > 0 {
		return best
	}
	for i, c := range candidates {
		if n := lines[0][i]; n > most {
			best, most = c, n
		}
	}
	return best
}

// countOutsideQuotes counts each candidate in each of the first lines; there is at least one line. Empty lines are skipped, as is the last
// one if the sample may have cut it.
func countOutsideQuotes(sample []byte, whole bool, candidates string) (lines [][4]int) {
	const enough = 50
	var count [4]int
	quoted, closed, start, empty := false, false, true, true // inside quotes, behind them, at the start of a field, of a line
	for _, b := range sample {
		wasClosed := closed
		closed = false
		switch {
		case b == '"' && quoted:
			quoted, closed = false, true
		case b == '"':
			quoted = start || wasClosed // a doubled quote opens again; one inside a field means nothing
			start, empty = false, false
		case quoted:
		case b == '\n':
			if !empty {
				lines = append(lines, count)
			}
			count, start, empty = [4]int{}, true, true
			if len(lines) == enough {
				return lines
			}
		default:
			empty = empty && b == '\r'
			if i := strings.IndexByte(candidates, b); i >= 0 {
				count[i]++
				start = true
			} else {
				start = start && b == ' '
			}
		}
	}
	if len(lines) == 0 || whole && !empty {
		lines = append(lines, count)
	}
	return lines
}

// isHeader reports whether a first record names the columns.
func isHeader(first []string, o *Options, decimalComma bool) bool {
	if o.Header != HeaderAuto {
		return o.Header == HeaderYes
	}
	for _, t := range o.Targets {
		if _, err := strconv.Atoi(t); err != nil && slices.Contains(first, t) {
			return true
		}
	}
	return !slices.ContainsFunc(first, func(s string) bool {
		_, _, is := asTable.scan(s, decimalComma)
		return is
	})
}
