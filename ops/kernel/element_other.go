//go:build !amd64 || purego

package kernel

var elements32 [len(variants)]*elements
