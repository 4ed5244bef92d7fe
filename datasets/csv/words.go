package csv

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Limits of the words of a column of texts: how many become features, at most, and in which share of the rows and in how many rows a word must
// occur. A word in nearly all rows says nothing.
const (
	mostWords, fewestWords   = 100, 10
	rowsOfWord               = 10 // rows per word, if that allows fewer words
	leastRows, leastShare    = 4, 0.005
	mostShare                = 0.95
	longestWord, longestText = 40, 1000 // characters; words
)

// textual is a column of texts: a feature for each of some words, 1 if the text has it.
type textual struct {
	Name      string   `json:"name"`
	Words     []string `json:"words"`
	Indicator bool     `json:"indicator,omitempty"`
}

// wordsOf returns the different words of a text, in small letters: runs of letters and digits, of two characters or more.
func wordsOf(s string) (words []string) {
	n := 0
	for w := range strings.FieldsFuncSeq(s, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if n++; n > longestText {
			break
		}
		if k := utf8.RuneCountInString(w); k >= 2 && k <= longestWord {
			words = append(words, strings.ToLower(w))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// vocabulary returns the words of a categorical column that may become features, from the number of rows of each of its texts, and in how many
// rows they are. It is nil if they say too little.
func (c *column) vocabulary(count []int) (words []string, df map[string]int) {
	rows, total := 0, 0
	df = make(map[string]int)
	for k, s := range c.dict {
		if rows += count[k]; count[k] > 0 {
			for _, w := range wordsOf(s) {
				df[w] += count[k]
			}
		}
	}
	least, most := max(leastRows, int(leastShare*float64(rows))), int(mostShare*float64(rows))
	for w, n := range df {
		if n >= least && n <= most {
			words = append(words, w)
			total += n
		}
	}
	if 3*total < rows { // not even one row in three has one
		return nil, nil
	}
	slices.Sort(words)
	return words, df
}

// becomeWords makes features of the words of a column with too many different texts, and reports whether there are such words.
func (r *reader) becomeWords(c *column) bool {
	words, df := c.vocabulary(c.counts())
	if len(words) == 0 {
		return false
	}
	c.words = true
	first := words[0]
	for _, w := range words {
		if df[w] > df[first] {
			first = w
		}
	}
	r.decide("Column %s holds texts, %d different ones; its features are the words that many rows have and that tell something about the target, of %d such as %s. "+
		"If the texts are categories, use %s; to leave it out, %s.",
		formats.Quote(c.name), len(c.dict), len(words), formats.Quote(first), r.opts.setting("Categorical", c.name), r.opts.setting("Ignore", c.name))
	return true
}

// addTexts adds the words of a column that tell the most about the targets.
func (f *fitted) addTexts(t *Table, c *column, rows []int) error {
	count, missing := make([]int, len(c.dict)), false
	for _, r := range rows {
		if k := *c.codes.at(r); k >= 0 {
			count[k]++
		} else {
			missing = true
		}
	}
	words, _ := c.vocabulary(count)
	if len(words) == 0 {
		return nil
	}
	says, err := t.evidence(&textual{Words: words}, c, rows)
	if err != nil {
		return err
	}
	order := make([]int, len(words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(says[b], says[a]) })
	x := textual{Name: c.name, Indicator: missing}
	for _, i := range order[:min(len(order), max(fewestWords, min(mostWords, len(rows)/rowsOfWord)))] {
		if says[i] >= leastEvidence {
			x.Words = append(x.Words, words[i])
		}
	}
	if slices.Sort(x.Words); len(x.Words) > 0 {
		f.Texts = append(f.Texts, x)
	}
	return nil
}

// features returns the number of features.
func (x *textual) features() int {
	if x.Indicator {
		return len(x.Words) + 1
	}
	return len(x.Words)
}

// names returns the names of the features.
func (x *textual) names() (names []string) {
	for _, w := range x.Words {
		names = append(names, x.Name+": "+w)
	}
	if x.Indicator {
		names = append(names, x.Name+" (missing)")
	}
	return names
}

// check reports whether the words are as addTexts makes them.
func (x *textual) check() bool {
	return len(x.Words) > 0 && len(x.Words) <= mostWords && slices.IsSorted(x.Words) && len(slices.Compact(slices.Clone(x.Words))) == len(x.Words)
}

// places returns, for each text of a column, the indices of the features that are 1.
func (x *textual) places(c *column) [][]int32 {
	all := make([][]int32, len(c.dict))
	for k, s := range c.dict {
		for _, w := range wordsOf(s) {
			if at, ok := slices.BinarySearch(x.Words, w); ok {
				all[k] = append(all[k], int32(at))
			}
		}
	}
	return all
}
