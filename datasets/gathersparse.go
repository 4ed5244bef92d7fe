package datasets

import (
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// gatherSparse adds rows of features to sparse rows. Anything but [Sparse], or a [View] or [Concat] of it, is read as a whole: its zeros are left out.
func gatherSparse(f Features, to *batch.CSR, rows []int) error {
	buf := sparseRows.Get().(*sparseRow)
	defer sparseRows.Put(buf)
	for _, r := range rows {
		buf.cols, buf.values = buf.cols[:0], buf.values[:0]
		if err := buf.add(f, r, 0); err != nil {
			return err
		}
		if err := to.Append(buf.cols, buf.values); err != nil {
			return err
		}
	}
	return nil
}

// sparseRow is a row being gathered.
type sparseRow struct {
	cols   []int32
	values []float32
	dense  []float32
}

// sparseRows holds the rows that gatherSparse borrows.
var sparseRows = sync.Pool{New: func() any { return new(sparseRow) }}

// add adds row r of features whose first column is left.
func (b *sparseRow) add(f Features, r, left int) error {
	switch f := f.(type) {
	case *Sparse:
		if f.base != nil {
			break
		}
		cols, values := f.Row(r)
		for _, c := range cols {
			b.cols = append(b.cols, c+int32(left))
		}
		b.values = append(b.values, values...)
		return nil
	case *View:
		if r < 0 || r >= len(f.rows) {
			return errors.Errorf("datasets: row %d of %d", r, len(f.rows))
		}
		return b.add(f.of, f.rows[r], left)
	case *Concat:
		for _, block := range f.blocks {
			if err := b.add(block, r, left); err != nil {
				return err
			}
			_, cols := block.Dims()
			left += cols
		}
		return nil
	}
	_, cols := f.Dims()
	if cap(b.dense) < cols {
		b.dense = make([]float32, cols)
	}
	row := b.dense[:cols]
	if err := f.Gather(row, cols, []int{r}); err != nil {
		return err
	}
	for c, v := range row {
		if v != 0 {
			b.cols, b.values = append(b.cols, int32(left+c)), append(b.values, v)
		}
	}
	return nil
}
