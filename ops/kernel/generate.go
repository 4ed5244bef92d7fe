package kernel

// The assembly for arm64 is generated on any machine; go generate skips directives in files for another one.

//go:generate go -C _asm run ./gemm -isa neon -pkg kernel -out ../gemm_neon_arm64.s -stubs ../gemm_neon_arm64.go
