package csv

import (
	"encoding/binary"
	"iter"
)

// cells are texts, one after the other in one piece of memory, each behind its length.
type cells []byte

// add adds a text and returns the memory it takes.
func (c *cells) add(s string) int {
	before := len(*c)
	*c = append(binary.AppendUvarint(*c, uint64(len(s))), s...)
	return len(*c) - before
}

// all yields the texts in order. A text is valid until the next one.
func (c cells) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(c) > 0 {
			n, size := binary.Uvarint(c)
			if !yield(string(c[size : size+int(n)])) {
				return
			}
			c = c[size+int(n):]
		}
	}
}
