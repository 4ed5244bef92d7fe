package dense

import (
	"reflect"
	"unsafe"

	"gorgonia.org/tensor"
)

// CSR returns the row starts and the columns of a sparse tensor, in place. Its own methods copy them, at each call.
func CSR(t *tensor.CS) (start, columns []int) {
	if startAt == absent || columnsAt == absent {
		return t.Indptr(), t.Indices()
	}
	return *(*[]int)(unsafe.Add(unsafe.Pointer(t), startAt)), *(*[]int)(unsafe.Add(unsafe.Pointer(t), columnsAt))
}

// SetCSR makes a sparse tensor hold other rows of the same dtype and shape, in place. It returns false, and does nothing, if it cannot.
func SetCSR[T Float](t *tensor.CS, start, columns []int, values []T) bool {
	if startAt == absent || columnsAt == absent {
		return false
	}
	var zero T
	*(*[]int)(unsafe.Add(unsafe.Pointer(t), startAt)) = start
	*(*[]int)(unsafe.Add(unsafe.Pointer(t), columnsAt)) = columns
	t.Raw = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(zero)))
	return true
}

// absent is the offset of a field that a version of the tensor package does not have.
const absent = ^uintptr(0)

var startAt, columnsAt = offset("indptr"), offset("indices")

func offset(field string) uintptr {
	f, ok := reflect.TypeFor[tensor.CS]().FieldByName(field)
	if !ok || f.Type != reflect.TypeFor[[]int]() {
		return absent
	}
	return f.Offset
}
