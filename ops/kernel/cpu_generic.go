//go:build !amd64 || purego

package kernel

// fastest returns the only variant there is.
func fastest() variant { return purego }
