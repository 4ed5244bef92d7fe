package formats

import (
	"bufio"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A line without quotes is split as strings.Split does it, wherever separators, spaces and other bytes are. Tidy notices white space and bytes beyond ASCII,
// and places count bytes.
func TestSplit(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	pieces := []string{",", ",", "-", "1", "2.5", "abc", " ", "\t", "ü", "\u00a0", "\v", "!", "~", "\x7f", "\x00", ";", "long text without anything"}
	for range 3000 {
		var b strings.Builder
		for range rng.IntN(30) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		line := b.String()
		for _, comma := range []rune{',', ';', '\t', '-'} {
			for _, trim := range []bool{false, true} {
				r := NewRecords("x", bufio.NewReader(strings.NewReader(line+"\nend\n")), comma, 0)
				r.Trim = trim
				if line == "" {
					continue
				}
				got, err := r.Next()
				if err != nil {
					t.Fatal(err)
				}
				want, column := strings.Split(line, string(comma)), 1
				for i, field := range want {
					space := 0
					if trim {
						want[i] = strings.TrimLeftFunc(field, unicode.IsSpace)
						space = len(field) - len(want[i])
					}
					if _, at := r.Place(i); at != column+space {
						t.Fatalf("%q: field %d is at %d, want %d", line, i, at, column+space)
					}
					column += len(field) + 1
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%q at %q, trimmed %t: %q, want %q", line, comma, trim, got, want)
				}
				rest := strings.ReplaceAll(line, string(comma), "")
				odd := strings.ContainsFunc(rest, func(c rune) bool { return c <= ' ' || c >= 0x80 })
				if r.Tidy() == odd {
					t.Fatalf("%q at %q: tidy is %t", line, comma, r.Tidy())
				}
			}
		}
	}
}
