package datasets

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Concat joins blocks of features side by side into one wide table.
type Concat struct {
	blocks []Features
	rows   int
	cols   int
}

// NewConcat joins blocks from left to right. It returns an error if there are no blocks, if one is nil, or if their numbers of rows differ.
func NewConcat(blocks ...Features) (*Concat, error) {
	if len(blocks) == 0 {
		return nil, errors.New("datasets: no blocks to join")
	}
	c := &Concat{blocks: slices.Clone(blocks)}
	for i, b := range blocks {
		if b == nil {
			return nil, errors.Errorf("datasets: block %d is nil", i)
		}
		rows, cols := b.Dims()
		if i > 0 && rows != c.rows {
			return nil, errors.Errorf("datasets: block %d has %d rows, but the previous blocks have %d", i, rows, c.rows)
		}
		c.rows = rows
		if c.cols += cols; c.cols > math.MaxInt32 {
			return nil, errors.Errorf("datasets: %d columns up to block %d", c.cols, i)
		}
	}
	return c, nil
}

// Dims returns the number of rows and the columns of all blocks together.
func (c *Concat) Dims() (rows, cols int) {
	if c == nil {
		return 0, 0
	}
	return c.rows, c.cols
}

// Blocks returns the joined tables from left to right. Do not change the slice.
func (c *Concat) Blocks() []Features {
	if c == nil {
		return nil
	}
	return c.blocks
}

// Gather implements [Features].
func (c *Concat) Gather(dst []float32, stride int, rows []int) error {
	n, cols := c.Dims()
	if err := CheckGather(n, cols, dst, stride, rows); err != nil {
		return err
	}
	left := 0
	for _, b := range c.Blocks() {
		if err := b.Gather(dst[min(left, len(dst)):], stride, rows); err != nil {
			return err
		}
		_, cols := b.Dims()
		left += cols
	}
	return nil
}

var _ Features = (*Concat)(nil)
