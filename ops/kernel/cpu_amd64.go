//go:build amd64 && !purego

package kernel

import x86 "golang.org/x/sys/cpu"

const (
	avx2   variant = 1 + iota // AVX2 and FMA, 256 bits
	avx512                    // AVX-512 F, BW, DQ and VL, 512 bits
)

// variants are the names of the variants.
var variants = [...]string{purego: "purego", avx2: "avx2", avx512: "avx512"}

// fastest returns the best variant that CPU and operating system can run.
func fastest() variant {
	switch f := x86.X86; {
	case !f.HasAVX2 || !f.HasFMA || !f.HasBMI2:
		return purego
	case f.HasAVX512F && f.HasAVX512BW && f.HasAVX512DQ && f.HasAVX512VL:
		return avx512
	default:
		return avx2
	}
}
