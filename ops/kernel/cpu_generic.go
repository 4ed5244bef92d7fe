//go:build (!amd64 && !arm64) || purego

package kernel

// variants is the name of the only variant.
var variants = [...]string{purego: "purego"}

// fastest returns the only variant there is.
func fastest() variant { return purego }
