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
