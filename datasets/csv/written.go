package csv

import (
	"iter"
	"strconv"
)

// written are the values of a column as they were written, while its kind is not known. For a decimal it suffices how many digits are behind the point.
type written struct {
	digits blocks[uint8]
	other  cells
}

// otherText marks a value whose text is kept.
const otherText = 255

// writtenSize is the memory of a value in bytes, beside its text.
const writtenSize = 1

func (w *written) addDecimal(digits int) int {
	w.digits.add(uint8(digits))
	return writtenSize
}

func (w *written) add(s string) int {
	w.digits.add(otherText)
	return writtenSize + w.other.add(s)
}

// held is the memory of all values in bytes.
func (w *written) held() int { return w.digits.len()*writtenSize + w.other.held }

// all yields the texts in order; n are the numbers.
func (w *written) all(n *series) iter.Seq[string] {
	return func(yield func(string) bool) {
		next, stop := iter.Pull(w.other.all())
		defer stop()
		for i, digits := range w.digits.all() {
			text := ""
			if digits == otherText {
				text, _ = next()
			} else {
				text = strconv.FormatFloat(n.at(i), 'f', int(digits), 64)
			}
			if !yield(text) {
				return
			}
		}
	}
}
