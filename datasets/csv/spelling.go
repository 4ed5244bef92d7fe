package csv

import (
	"strings"
	"unicode"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// truths are words that say yes or no.
var truths = map[string]bool{
	"yes": true, "y": true, "true": true, "t": true, "on": true, "1": true, "1.0": true,
	"no": false, "n": false, "false": false, "f": false, "off": false, "0": false, "0.0": false,
}

// folded is a text without differences of case and space.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// areTruths reports whether all texts say yes or no, and both come.
func areTruths(texts []string) bool {
	var has [2]bool
	for _, s := range texts {
		key := folded(s)
		if _, ok := truths[key]; !ok {
			return false
		}
		has[truthIndex(key)] = true
	}
	return has[0] && has[1]
}

// spelled returns a function that finds the index of a text: exactly, else but for case and space, else by its meaning if the texts say
// yes and no, or one of them if truth is set. It returns -1 for a text that means none of them, or several.
func spelled(texts []string, truth bool) func(s string) int32 {
	exact, loose := make(map[string]int32, len(texts)), make(map[string]int32, len(texts))
	meaning := [2]int32{-1, -1}
	if truth = truth && len(texts) == 1; truth {
		_, truth = truths[folded(texts[0])]
	}
	truth = truth || len(texts) == 2 && areTruths(texts)
	for i, s := range texts {
		exact[s] = int32(i)
		key := folded(s)
		if _, twice := loose[key]; twice {
			loose[key] = -1
		} else {
			loose[key] = int32(i)
		}
		if truth {
			meaning[truthIndex(key)] = int32(i)
		}
	}
	return func(s string) int32 {
		if i, ok := exact[s]; ok {
			return i
		}
		key := folded(s)
		if i, ok := loose[key]; ok {
			return i
		}
		if _, ok := truths[key]; ok && truth {
			return meaning[truthIndex(key)]
		}
		return -1
	}
}

func truthIndex(key string) int {
	if truths[key] {
		return 1
	}
	return 0
}

// mergeSpellings makes one text of those that differ only in case or space, and of the words for yes and for no. The commonest spelling stays. Texts of
// fewer than three letters may be codes, of which a and A are two.
func (r *reader) mergeSpellings(c *column) {
	if c.kind != Categorical || c.forced || c.code || len(c.dict) < 2 {
		return
	}
	best := c.spellings()
	var dict []string
	place := make(map[string]int32, len(c.dict))
	other := ""
	for k, s := range c.dict {
		if b := int(best[k]); b == k {
			place[s] = int32(len(dict))
			dict = append(dict, s)
		} else if other == "" {
			other = formats.Quote(s) + " and " + formats.Quote(c.dict[b])
		}
	}
	if other == "" {
		return
	}
	for i, k := range c.codes.all() {
		if k >= 0 {
			*c.codes.at(i) = place[c.dict[best[k]]]
		}
	}
	r.decide("Column %s: %d different texts are taken for %d, as the others differ only in spelling, such as %s. If they differ in meaning, use %s.",
		formats.Quote(c.name), len(c.dict), len(dict), other, r.opts.setting("Categorical", c.name))
	c.dict, c.place = dict, place
}

// spellings returns for each text of a categorical column the index of its commonest spelling.
func (c *column) spellings() []int32 {
	count := c.counts()
	truth := areTruths(c.dict)
	best := make(map[string]int32, len(c.dict)) // by key
	keys := make([]string, len(c.dict))
	for k, s := range c.dict {
		key := folded(s)
		switch {
		case truth && truths[key]:
			key = "yes"
		case truth:
			key = "no"
		case letters(key) < 3:
			key = s
		}
		keys[k] = key
		if b, ok := best[key]; !ok || count[k] > count[b] {
			best[key] = int32(k)
		}
	}
	of := make([]int32, len(keys))
	for k, key := range keys {
		of[k] = best[key]
	}
	return of
}

// counts returns the number of rows of each text of a categorical column.
func (c *column) counts() []int {
	count := make([]int, len(c.dict))
	for _, k := range c.codes.all() {
		if k >= 0 {
			count[k]++
		}
	}
	return count
}

func letters(s string) (n int) {
	for _, c := range s {
		if unicode.IsLetter(c) {
			n++
		}
	}
	return n
}
