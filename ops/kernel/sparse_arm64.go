//go:build !purego

package kernel

// addRows32 adds weighted rows to a vector: dst += sum over k of values[k] x[columns[k]].
var addRows32 = [...]func(dst, x []float32, columns []int, values []float32){purego: nil, neon: addRowsNEON}
