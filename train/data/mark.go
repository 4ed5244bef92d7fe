package data

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Marks are NaNs that no data have: Gather finds out by them which tensors the data have not written to.
const (
	mark32 = 0x7fc5e1f1
	mark64 = 0x7ff85e1f5e1f5e1f
)

// mark marks the first element of a tensor.
func mark(t *tensor.Dense) {
	if t == nil {
		return
	}
	if x, err := dense.Elements(t); err == nil && x.F32 != nil {
		x.F32[0] = math.Float32frombits(mark32)
	} else if err == nil {
		x.F64[0] = math.Float64frombits(mark64)
	}
}

// marked reports whether the first element still has its mark.
func marked(t *tensor.Dense) bool {
	if t == nil {
		return false
	}
	x, err := dense.Elements(t)
	if err != nil {
		return false
	}
	if x.F32 != nil {
		return math.Float32bits(x.F32[0]) == mark32
	}
	return math.Float64bits(x.F64[0]) == mark64
}

// begin prepares the tensors of a batch for the data: marks, and sparse rows without any row.
func begin(b *batch.Batch) {
	for i := range b.Inputs {
		mark(b.Inputs[i].Value)
		b.Inputs[i].Sparse.Reset()
	}
	for i := range b.Outputs {
		mark(b.Outputs[i].Value)
		mark(b.Outputs[i].Weights)
	}
}

// written returns an error if the data have not filled the batch.
func written(b *batch.Batch, rows int) error {
	for i := range b.Inputs {
		in := &b.Inputs[i]
		switch {
		case marked(in.Value):
			return errors.Errorf("Gather has not written the input %q", in.Name)
		case in.Sparse != nil && in.Sparse.Rows() != rows:
			return errors.Errorf("Gather has added %d sparse rows to the input %q, want %d", in.Sparse.Rows(), in.Name, rows)
		}
	}
	for i := range b.Outputs {
		switch out := &b.Outputs[i]; {
		case marked(out.Value):
			return errors.Errorf("the data have no labels of the output %q", out.Output)
		case marked(out.Weights):
			return errors.Errorf("the data have no weights of the output %q", out.Output)
		}
	}
	return nil
}
