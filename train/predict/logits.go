package predict

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// logits are the outputs for all rows, in the dtype of the network.
type logits struct {
	rows, outputs int
	f32           []float32
	f64           []float64
}

// maxLogits bounds the predictions that are held in memory.
const maxLogits = 1 << 33

func newLogits(rows, outputs int, dtype tensor.Dtype) (*logits, error) {
	if outputs < 1 || rows < 1 || rows > maxLogits/outputs {
		return nil, errors.Errorf("%d rows with %d outputs do not fit into memory", rows, outputs)
	}
	l := &logits{rows: rows, outputs: outputs}
	if dtype == tensor.Float64 {
		l.f64 = make([]float64, rows*outputs)
	} else {
		l.f32 = make([]float32, rows*outputs)
	}
	return l, nil
}

// put takes the outputs of the rows lo ... hi-1 from the first rows of t.
func (l *logits) put(lo, hi int, t *tensor.Dense) error {
	from, to := lo*l.outputs, hi*l.outputs
	switch v := t.Data().(type) {
	case []float32:
		if l.f32 != nil && len(v) >= to-from {
			copy(l.f32[from:to], v)
			return nil
		}
	case []float64:
		if l.f64 != nil && len(v) >= to-from {
			copy(l.f64[from:to], v)
			return nil
		}
	}
	return errors.Errorf("the output is %v of shape %v, want %d columns", t.Dtype(), t.Shape(), l.outputs)
}

// fill writes the outputs of the rows lo ... hi-1 to t.
func (l *logits) fill(t *tensor.Dense, lo, hi int) {
	from, to := lo*l.outputs, hi*l.outputs
	switch v := t.Data().(type) {
	case []float32:
		copy(v, l.f32[from:to])
	case []float64:
		copy(v, l.f64[from:to])
	}
}

func (l *logits) float64s() []float64 {
	out := make([]float64, 0, l.rows*l.outputs)
	for _, v := range l.f32 {
		out = append(out, float64(v))
	}
	return append(out, l.f64...)
}
