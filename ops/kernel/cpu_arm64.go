//go:build !purego

package kernel

// neon is the variant with the vectors of 128 bits that every arm64 has.
const neon variant = 1

// variants are the names of the variants.
var variants = [...]string{purego: "purego", neon: "neon"}

// fastest returns the best variant.
func fastest() variant { return neon }
