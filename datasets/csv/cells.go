package csv

import (
	"encoding/binary"
	"iter"
)

// cells are texts, one after the other, each behind its length.
type cells struct {
	full [][]byte
	last []byte
	held int // bytes of all texts
}

// cellsBlock is the size of a block of texts in bytes.
const cellsBlock = 1 << 16

// add adds a text and returns the memory it takes.
func (c *cells) add(s string) int {
	need := binary.MaxVarintLen64 + len(s)
	if len(c.last) > 0 && len(c.last)+need > max(cap(c.last), cellsBlock) {
		c.full = append(c.full, c.last)
		c.last = make([]byte, 0, max(need, cellsBlock))
	}
	before := len(c.last)
	c.last = append(binary.AppendUvarint(c.last, uint64(len(s))), s...)
	c.held += len(c.last) - before
	return len(c.last) - before
}

// all yields the texts in order.
func (c *cells) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range len(c.full) + 1 {
			block := c.last
			if k < len(c.full) {
				block = c.full[k]
			}
			for len(block) > 0 {
				n, size := binary.Uvarint(block)
				if !yield(string(block[size : size+int(n)])) {
					return
				}
				block = block[size+int(n):]
			}
		}
	}
}
