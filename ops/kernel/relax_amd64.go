//go:build !purego

package kernel

// relax tells the core that this thread only waits, which leaves more of it to its sibling.
func relax()
