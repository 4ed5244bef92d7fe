//go:build amd64 && !purego

package kernel

import x86 "golang.org/x/sys/cpu"

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
