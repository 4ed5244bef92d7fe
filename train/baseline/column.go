package baseline

import (
	"math/bits"
	"slices"
)

// column is a column of a table.
type column struct {
	values []float64 // distinct, ascending
	small  []uint8   // by row: the index of its value, if the column is not sparse and has at most 256 values
	large  []uint32  // the same if it has more

	// A sparse column has the commonest value in most rows. The others and their values:
	sparse bool
	base   uint32
	others []int32  // rows, ascending
	ranks  []uint32 // of the others
	bits   []uint64 // a bit for each row, 1 for the others
	before []int32  // for each word of bits, the number of others before it
}

// rank returns the index of the value of a row.
func (c *column) rank(row int32) uint32 {
	switch {
	case c.small != nil:
		return uint32(c.small[row])
	case c.large != nil:
		return c.large[row]
	case c.common(row):
		return c.base
	}
	return c.ranks[c.other(row)]
}

// common reports whether a row has the commonest value of a sparse column.
func (c *column) common(row int32) bool { return c.bits[row>>6]>>(row&63)&1 == 0 }

// other returns the index of a row among the others.
func (c *column) other(row int32) int {
	return int(c.before[row>>6]) + bits.OnesCount64(c.bits[row>>6]&(1<<(row&63)-1))
}

// sparseShare is the part of the rows that may differ from the commonest value in a sparse column.
const sparseShare = 4

// columnOf returns the column of some values, one a row.
func columnOf(values []float64) (c column) {
	common, votes := 0.0, 0 // more than half of the rows have the commonest value if it is worth knowing (Boyer and Moore 1991)
	for _, v := range values {
		switch {
		case votes == 0:
			common, votes = v, 1
		case v == common:
			votes++
		default:
			votes--
		}
	}
	var others []int32
	for i, v := range values {
		if v != common {
			others = append(others, int32(i))
		}
	}
	if len(others) < len(values) {
		c.values = append(c.values, common)
	}
	for _, i := range others {
		c.values = append(c.values, values[i])
	}
	slices.Sort(c.values)
	c.values = slices.Clip(slices.Compact(c.values))
	base := c.find(common)
	ranks := make([]uint32, len(others))
	for k, i := range others {
		ranks[k] = c.find(values[i])
	}
	if c.sparse = len(others) <= len(values)/sparseShare; c.sparse {
		c.base, c.others, c.ranks = base, slices.Clip(others), ranks
		c.index(len(values))
		return c
	}
	if len(c.values) <= 256 {
		c.small = slices.Repeat([]uint8{uint8(base)}, len(values))
	} else {
		c.large = slices.Repeat([]uint32{base}, len(values))
	}
	for k, i := range others {
		if c.small != nil {
			c.small[i] = uint8(ranks[k])
		} else {
			c.large[i] = ranks[k]
		}
	}
	return c
}

// index makes the bits of a sparse column.
func (c *column) index(rows int) {
	c.bits, c.before = make([]uint64, (rows+63)/64), make([]int32, (rows+63)/64)
	for _, r := range c.others {
		c.bits[r>>6] |= 1 << (r & 63)
	}
	n := int32(0)
	for w, word := range c.bits {
		c.before[w] = n
		n += int32(bits.OnesCount64(word))
	}
}

func (c *column) find(v float64) uint32 {
	at, _ := slices.BinarySearch(c.values, v)
	return uint32(at)
}
