//go:build !amd64 || purego

package kernel

// relax does nothing here; see relax_amd64.go.
func relax() {}
