//go:build (!amd64 && !arm64) || purego

package kernel

var addRows32 [len(variants)]func(dst, x []float32, columns []int, values []float32)
