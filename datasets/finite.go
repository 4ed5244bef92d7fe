package datasets

// firstNotFinite returns the row and column of the first feature that is NaN or infinite; the row is -1 if there is none. It returns an
// error if the features cannot be read.
func firstNotFinite(f Features) (row, col int, err error) {
	find := finder{clean: make(map[*Sparse]bool)}
	n, _ := f.Dims()
	for r := range n {
		if col, err := find.inRow(f, r); err != nil || col >= 0 {
			return r, col, err
		}
	}
	return -1, -1, nil
}

// finder looks for features that are not finite.
type finder struct {
	clean map[*Sparse]bool // whether the base of a sparse table is finite, for the tables examined so far
	row   []float32
}

// inRow returns the column of the first such feature of a row, or -1.
func (d *finder) inRow(f Features, r int) (col int, err error) {
	switch f := f.(type) {
	case *Dense:
		return notFinite(f.Row(r)), nil
	case *View:
		return d.inRow(f.of, f.rows[r])
	case *Concat:
		left := 0
		for _, b := range f.blocks {
			if col, err := d.inRow(b, r); err != nil || col >= 0 {
				return left + col, err
			}
			_, cols := b.Dims()
			left += cols
		}
		return -1, nil
	case *Sparse:
		clean, known := d.clean[f]
		if !known {
			clean = notFinite(f.base) < 0
			d.clean[f] = clean
		}
		if clean {
			cols, values := f.Row(r)
			if k := notFinite(values); k >= 0 {
				return int(cols[k]), nil
			}
			return -1, nil
		}
	}
	_, cols := f.Dims()
	if cap(d.row) < cols {
		d.row = make([]float32, cols)
	}
	row := d.row[:cols]
	if err := f.Gather(row, cols, []int{r}); err != nil {
		return -1, err
	}
	return notFinite(row), nil
}

// notFinite returns the first index of a value that is NaN or infinite, or -1.
func notFinite(values []float32) int {
	for i, v := range values {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
