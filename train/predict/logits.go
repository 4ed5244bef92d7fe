package predict

import (
	"fmt"

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

// newLogits returns those of all outputs of the network, or an error if there is no memory for them.
func (p *Predictor) newLogits(rows int) (all []*logits, err error) {
	var bytes uint64
	outputs := 0
	for i := range p.losses {
		o := &p.losses[i].output
		bytes = memory.Sum(bytes, memory.Product(max(0, rows), max(0, o.Width), 16)) // as numbers of the network, and as float64
		outputs += o.Width
	}
	if err := memory.Check(bytes, fmt.Sprintf("predicting %d rows with %d outputs", rows, outputs)); err != nil {
		return nil, err
	}
	for i := range p.losses {
		l, err := newLogits(rows, p.losses[i].output.Width, p.net.Params.Dtype())
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

func newLogits(rows, outputs int, dtype tensor.Dtype) (*logits, error) {
	if outputs < 1 || rows < 1 || rows > data.MaxElements/outputs {
		return nil, errors.Errorf("%d rows with %d outputs do not fit into memory", rows, outputs)
	}
	l := &logits{rows: rows, outputs: outputs}
	if dtype == tensor.Float64 {
		l.all.F64 = make([]float64, rows*outputs)
	} else {
		l.all.F32 = make([]float32, rows*outputs)
	}
	return l, nil
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

// put takes the outputs of the rows lo ... hi-1 from the first rows of v.
func (l *logits) put(lo, hi int, v dense.Value) error {
	from, err := dense.Elements(v)
	if err != nil {
		return err
	}
	to := l.part(lo, hi)
	if from.Dtype() != to.Dtype() || from.Len() < to.Len() {
		return errors.Errorf("the output is %s, want %d columns", dense.Describe(v), l.outputs)
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

func (l *logits) float64s() []float64 {
	out := make([]float64, 0, l.rows*l.outputs)
	for _, v := range l.all.F32 {
		out = append(out, float64(v))
	}
	return append(out, l.all.F64...)
}
