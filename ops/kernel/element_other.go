//go:build (!amd64 && !arm64) || purego

package kernel

var elements32 [len(variants)]*elements
