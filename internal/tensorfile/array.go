package tensorfile

import (
	"encoding/binary"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// addArrays adds arrays as tensors with one axis.
func addArrays(views map[string]view, arrays map[string]any) error {
	for name, array := range arrays {
		n := 0
		switch x := array.(type) {
		case []float32:
			n = len(x)
		case []float64:
			n = len(x)
		case []int32:
			n = len(x)
		case []uint16:
			n = len(x)
		case []byte:
			n = len(x)
		default:
			return errors.Errorf("array %.60q is %T, want []float32, []float64, []int32, []uint16 or []uint8", name, array)
		}
		if name == "" || n == 0 {
			return errors.Errorf("array %.60q has no name or no content", name)
		}
		views[arrayPrefix+name] = view{tensor.New(tensor.WithShape(n), tensor.WithBacking(array))}
	}
	return nil
}

// array reports whether the tensor is an array.
func (t Raw) array() bool { return strings.HasPrefix(t.Name, arrayPrefix) }

// checkArray returns an error unless the tensor can be an array.
func (t Raw) checkArray() error {
	switch t.DType {
	case "F32", "F64", "I32", "U16", "U8":
	default:
		return errors.Errorf("dtype %s, want F32, F64, I32, U16 or U8", t.DType)
	}
	if t.Name == arrayPrefix || len(t.Shape) != 1 || t.Shape[0] == 0 {
		return errors.Errorf("shape %v, want one axis", t.Shape)
	}
	return nil
}

// elements returns the array.
func (t Raw) elements() any {
	switch t.DType {
	case "I32":
		return elements(t.Data, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) })
	case "U16":
		return elements(t.Data, 2, binary.LittleEndian.Uint16)
	}
	d, err := t.Dense()
	if err != nil {
		return nil
	}
	return d.Data()
}
