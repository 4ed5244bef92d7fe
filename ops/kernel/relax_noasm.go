//go:build (!amd64 && !arm64) || purego

package kernel

// relax does nothing here; see relax_asm.go.
func relax() {}
