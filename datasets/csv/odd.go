package csv

import (
	"maps"
	"slices"
)

// odd are the values of a column of numbers or dates that are none.
type odd struct {
	marked, unmarked int    // with and without a usual meaning of "no value"
	row              int    // the first without a usual meaning, else the first
	text             string // there
	column           int    // there, of the file
	known            map[string]bool
	distinct         map[string]bool // without a usual meaning, the first ones
}

func (o *odd) count() int { return o.marked + o.unmarked }

// few reports whether the texts among so many numbers are few enough to be taken for missing values.
func (o *odd) few(numbers int) bool { return fewTexts*o.unmarked <= numbers && o.count() <= numbers }

// fewTexts is how many numbers a column must have for each text, so that the texts count as missing values.
const fewTexts = 20

func (o *odd) add(s string, row, column int) {
	marker := isMarker(s) || o.known[s]
	if o.count() == 0 || o.unmarked == 0 && !marker {
		o.row, o.text, o.column = row, string([]byte(s)), column
	}
	if marker {
		o.marked++
		return
	}
	o.unmarked++
	if len(o.distinct) < 20 && len(s) <= 100 {
		if o.distinct == nil {
			o.distinct = make(map[string]bool)
		}
		o.distinct[string([]byte(s))] = true
	}
}

// texts returns the first texts without a usual meaning, in alphabetical order.
func (o *odd) texts() []string { return slices.Sorted(maps.Keys(o.distinct)) }
