//go:build !amd64 || purego

package kernel

var elements32 [1]*elements
