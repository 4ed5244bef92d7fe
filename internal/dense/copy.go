package dense

import "github.com/pkg/errors"

// Float64s appends the elements of v to buf, converted, and returns the result: Float64s(v, buf[:0]) reuses a buffer.
func Float64s(v Value, buf []float64) ([]float64, error) {
	s, err := Elements(v)
	if err != nil {
		return buf, err
	}
	for _, x := range s.F32 {
		buf = append(buf, float64(x))
	}
	return append(buf, s.F64...), nil
}

// Fill sets all elements of v to x.
func Fill(v Value, x float64) error {
	s, err := Elements(v)
	if err != nil {
		return err
	}
	for i := range s.F32 {
		s.F32[i] = float32(x)
	}
	for i := range s.F64 {
		s.F64[i] = x
	}
	return nil
}

// CopyRows sets row i of dst to row rows[i] of src, converting the dtype if necessary. A row consists of all elements with the same first
// index; dst has len(rows) rows. If CopyRows returns an error, it has copied nothing.
func CopyRows(dst, src Value, rows []int) error {
	to, err := Elements(dst)
	if err != nil {
		return errors.Wrap(err, "destination")
	}
	from, err := Elements(src)
	if err != nil {
		return errors.Wrap(err, "source")
	}
	if len(to.Shape) == 0 || len(from.Shape) == 0 || to.Shape[0] != len(rows) {
		return errors.Errorf("%d rows of %s to %s", len(rows), Describe(src), Describe(dst))
	}
	width := to.Len() / to.Shape[0]
	if from.Len()/from.Shape[0] != width {
		return errors.Errorf("rows of %d elements of %s to rows of %d of %s", from.Len()/from.Shape[0], Describe(src), width, Describe(dst))
	}
	for i, r := range rows {
		if r < 0 || r >= from.Shape[0] {
			return errors.Errorf("row %d of %s, index %d of the list", r, Describe(src), i)
		}
	}
	switch {
	case to.F32 != nil && from.F32 != nil:
		copyRows(to.F32, from.F32, rows, width)
	case to.F32 != nil:
		convertRows(to.F32, from.F64, rows, width)
	case from.F32 != nil:
		convertRows(to.F64, from.F32, rows, width)
	default:
		copyRows(to.F64, from.F64, rows, width)
	}
	return nil
}

func copyRows[T Float](dst, src []T, rows []int, width int) {
	for i, r := range rows {
		copy(dst[i*width:(i+1)*width], src[r*width:])
	}
}

func convertRows[D, S Float](dst []D, src []S, rows []int, width int) {
	for i, r := range rows {
		for j, x := range src[r*width : (r+1)*width] {
			dst[i*width+j] = D(x)
		}
	}
}
