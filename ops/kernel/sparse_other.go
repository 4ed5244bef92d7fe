//go:build !amd64 || purego

package kernel

var addRows32 [1]func(dst, x []float32, columns []int, values []float32)
