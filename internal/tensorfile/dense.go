package tensorfile

import (
	"encoding/binary"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// CheckDType returns an error if Dense does not read the dtype.
func (t Raw) CheckDType() error {
	switch t.DType {
	case "F32", "F64", "F16", "BF16", "U8":
		return nil
	}
	return errors.Errorf("dtype %s, want F32, F64, F16, BF16 or U8", t.DType)
}

// Dense is the tensor in memory: float64 for F64, bytes for U8, and float32 for F32, F16 and BF16, whose values float32 represents exactly.
// It returns an error for other dtypes, for an empty tensor, and for a scalar.
func (t Raw) Dense() (*tensor.Dense, error) {
	if len(t.Data) == 0 || len(t.Shape) == 0 {
		return nil, errors.Errorf("shape %v", t.Shape)
	}
	var backing any
	switch t.DType {
	case "F32":
		backing = elements(t.Data, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	case "F64":
		backing = elements(t.Data, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) })
	case "F16":
		backing = elements(t.Data, 2, func(b []byte) float32 { return halfFloat(binary.LittleEndian.Uint16(b)) })
	case "BF16":
		backing = elements(t.Data, 2, func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) })
	case "U8":
		backing = append([]byte(nil), t.Data...)
	default:
		return nil, t.CheckDType()
	}
	return tensor.New(tensor.WithShape(t.Shape...), tensor.WithBacking(backing)), nil
}

func elements[T any](data []byte, size int, element func([]byte) T) []T {
	x := make([]T, len(data)/size)
	for i := range x {
		x[i] = element(data[i*size:])
	}
	return x
}

// halfFloat is the value of a 16-bit number: a sign, 5 bits of exponent and 10 bits of fraction (IEEE 754-2008, binary16).
func halfFloat(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero, or fraction 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31: // infinity, NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
