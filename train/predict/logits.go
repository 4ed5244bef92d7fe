package predict

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/train/data"
	"gorgonia.org/tensor"
)

// logits are the outputs for all rows, in the dtype of the network.
type logits struct {
	rows, outputs int
	all           dense.Slices
}

// resize returns logits for all outputs of the network and the given number of rows, in the memory of old ones if it is large enough.
func (m *model) resize(old []*logits, rows int) ([]*logits, error) {
	var bytes uint64
	outputs := 0
	for _, o := range m.net.Outputs {
		bytes = memory.Sum(bytes, memory.Product(max(0, rows), max(0, o.Width), 16)) // as numbers of the network, and as float64
		outputs += o.Width
		if o.Width < 1 || rows < 1 || rows > data.MaxElements/o.Width {
			return nil, errors.Errorf("%d rows with %d outputs do not fit into memory", rows, o.Width)
		}
	}
	if bytes > 1<<20 { // the text costs an allocation
		if err := memory.Check(bytes, fmt.Sprintf("predicting %d rows with %d outputs", rows, outputs)); err != nil {
			return nil, err
		}
	}
	if len(old) != len(m.net.Outputs) {
		old = make([]*logits, len(m.net.Outputs))
	}
	for i, o := range m.net.Outputs {
		if old[i] == nil {
			old[i] = &logits{}
		}
		l, n := old[i], rows*o.Width
		l.rows, l.outputs = rows, o.Width
		if m.net.Params.Dtype() == tensor.Float64 {
			l.all.F64, l.all.F32 = resized(l.all.F64, n), nil
		} else {
			l.all.F32, l.all.F64 = resized(l.all.F32, n), nil
		}
	}
	return old, nil
}

// resized returns n elements, in the memory of s if there is enough and not far too much.
func resized[T float32 | float64](s []T, n int) []T {
	const surplus = 1 << 20
	if cap(s) < n || cap(s) > n+surplus {
		return make([]T, n)
	}
	return s[:n]
}

// part returns the outputs of the rows lo ... hi-1, in place.
func (l *logits) part(lo, hi int) (s dense.Slices) {
	from, to := lo*l.outputs, hi*l.outputs
	if l.all.F32 != nil {
		s.F32 = l.all.F32[from:to]
	} else {
		s.F64 = l.all.F64[from:to]
	}
	return s
}

// put takes the outputs of the rows lo ... hi-1 from the first rows of an output.
func (l *logits) put(lo, hi int, from dense.Slices) error {
	to := l.part(lo, hi)
	if (from.F32 == nil) != (to.F32 == nil) || from.Len() < to.Len() {
		return errors.Errorf("the output has %d elements of shape %v, want %d columns", from.Len(), from.Shape, l.outputs)
	}
	copy(to.F32, from.F32)
	copy(to.F64, from.F64)
	return nil
}

// fill writes the outputs of the rows lo ... hi-1 to v.
func (l *logits) fill(v dense.Value, lo, hi int) error {
	to, err := dense.Elements(v)
	if err != nil {
		return err
	}
	from := l.part(lo, hi)
	copy(to.F32, from.F32)
	copy(to.F64, from.F64)
	return nil
}

// float64s appends all outputs to dst.
func (l *logits) float64s(dst []float64) []float64 {
	n := len(dst)
	dst = append(slices.Grow(dst, len(l.all.F32))[:n+len(l.all.F32)], l.all.F64...)
	for i, v := range l.all.F32 {
		dst[n+i] = float64(v)
	}
	return dst
}
