//go:build !amd64 || purego

package kernel

// relax would tell the core that this thread only waits.
func relax() {}
