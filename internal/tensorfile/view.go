package tensorfile

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// view presents a tensor to package safetensors. Its bytes are made on demand, one tensor at a time.
type view struct{ *tensor.Dense }

func (v view) check(name string) error {
	if name == "" || name == "__metadata__" || !utf8.ValidString(name) {
		return errors.New("that is not a valid name for a tensor")
	}
	if v.Dense == nil || v.Dense.DataSize() == 0 || v.Dense.Dims() == 0 {
		return errors.New("it is empty or a scalar")
	}
	if v.Dense.DataSize() != v.Dense.Shape().TotalSize() || !slices.Equal(v.Dense.Strides(), v.Dense.Shape().CalcStrides()) {
		return errors.New("it is a view of another tensor, or transposed")
	}
	switch v.Dense.Data().(type) {
	case []float32, []float64, []byte:
		return nil
	case []int32, []uint16:
		if strings.HasPrefix(name, arrayPrefix) {
			return nil
		}
	}
	return errors.Errorf("dtype %v, want float32, float64 or bytes", v.Dense.Dtype())
}

// DType implements safetensors.View.
func (v view) DType() safetensors.DType {
	switch v.Dense.Data().(type) {
	case []float32:
		return safetensors.F32
	case []float64:
		return safetensors.F64
	case []int32:
		return safetensors.I32
	case []uint16:
		return safetensors.U16
	}
	return safetensors.U8
}

// Shape implements safetensors.View.
func (v view) Shape() []uint64 {
	var shape []uint64
	for _, d := range v.Dense.Shape() {
		shape = append(shape, uint64(d))
	}
	return shape
}

// DataLen implements safetensors.View.
func (v view) DataLen() uint64 { return uint64(v.DataSize()) * v.DType().Size() }

// Data implements safetensors.View.
func (v view) Data() []byte {
	switch x := v.Dense.Data().(type) {
	case []float32:
		data := make([]byte, 4*len(x))
		for i, f := range x {
			binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(f))
		}
		return data
	case []float64:
		data := make([]byte, 8*len(x))
		for i, f := range x {
			binary.LittleEndian.PutUint64(data[8*i:], math.Float64bits(f))
		}
		return data
	case []int32:
		data := make([]byte, 4*len(x))
		for i, v := range x {
			binary.LittleEndian.PutUint32(data[4*i:], uint32(v))
		}
		return data
	case []uint16:
		data := make([]byte, 2*len(x))
		for i, v := range x {
			binary.LittleEndian.PutUint16(data[2*i:], v)
		}
		return data
	case []byte:
		return x
	}
	return nil
}

// raw is the tensor as stored in a file, with or without its data.
func (v view) raw(name string, data bool) Raw {
	r := Raw{Name: name, DType: v.DType().String(), Shape: v.Dense.Shape()}
	if data {
		r.Data = v.Data()
	}
	return r
}
