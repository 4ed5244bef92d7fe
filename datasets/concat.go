package datasets

import "github.com/pkg/errors"

// Concat puts blocks of features side by side, as one wide table.
type Concat struct {
	blocks []Features
	rows   int
	cols   int
}

// NewConcat joins blocks from left to right. It returns an error if there is none or if their numbers of rows differ.
func NewConcat(blocks ...Features) (*Concat, error) {
	if len(blocks) == 0 {
		return nil, errors.New("datasets: no blocks to join")
	}
	c := &Concat{blocks: blocks}
	for i, b := range blocks {
		rows, cols := b.Dims()
		if i > 0 && rows != c.rows {
			return nil, errors.Errorf("datasets: block %d has %d rows, the ones before %d", i, rows, c.rows)
		}
		c.rows = rows
		c.cols += cols
	}
	return c, nil
}

// Dims returns the number of rows and the columns of all blocks together.
func (c *Concat) Dims() (rows, cols int) { return c.rows, c.cols }

// Blocks returns the joined tables from left to right. The slice must not be changed.
func (c *Concat) Blocks() []Features { return c.blocks }

// Gather implements [Features].
func (c *Concat) Gather(dst []float32, stride int, rows []int) {
	left := 0
	for _, b := range c.blocks {
		b.Gather(dst[min(left, len(dst)):], stride, rows)
		_, cols := b.Dims()
		left += cols
	}
}

var _ Features = (*Concat)(nil)
