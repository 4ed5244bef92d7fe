package pytorch

import (
	"encoding/binary"
	"math"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
)

// view is a tensor of a file. The TensorView of package safetensors cannot be a scalar.
type view struct {
	dtype safetensors.DType
	shape []uint64
	data  []byte
}

var _ safetensors.View = view{}

func (v view) DType() safetensors.DType { return v.dtype }
func (v view) Shape() []uint64          { return v.shape }
func (v view) Data() []byte             { return v.data }
func (v view) DataLen() uint64          { return uint64(len(v.data)) }

// view returns the parameter in PyTorch's layout.
func (e entry) view() (view, error) {
	v := view{shape: []uint64{}}
	for _, d := range e.shape() {
		v.shape = append(v.shape, uint64(d))
	}
	own := e.Value.Shape()
	matrix := e.transposed()
	switch x := e.Value.Data().(type) {
	case []float32:
		v.dtype = safetensors.F32
		if matrix {
			x = transposed(x, own[0], own[1])
		}
		for _, f := range x {
			v.data = binary.LittleEndian.AppendUint32(v.data, math.Float32bits(f))
		}
	case []float64:
		v.dtype = safetensors.F64
		if matrix {
			x = transposed(x, own[0], own[1])
		}
		for _, f := range x {
			v.data = binary.LittleEndian.AppendUint64(v.data, math.Float64bits(f))
		}
	default:
		return v, errors.Errorf("elements of type %T, want floats", x)
	}
	return v, nil
}
