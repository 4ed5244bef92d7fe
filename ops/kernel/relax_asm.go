//go:build (amd64 || arm64) && !purego

package kernel

// relax hints to the core that this thread is spinning, so that its sibling gets more of the core.
func relax()
