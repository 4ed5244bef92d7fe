package kernel

// The assembly for arm64 is generated on any machine; go generate skips directives in files for another one.

//go:generate go -C _asm run ./gemm -isa neon -pkg kernel -out ../gemm_neon_arm64.s -stubs ../gemm_neon_arm64.go
//go:generate go -C _asm run ./elements -isa neon -pkg kernel -out ../element_neon_arm64.s -stubs ../element_neon_arm64.go
//go:generate go -C _asm run ./elements -set smooth -isa neon -pkg kernel -out ../smooth_neon_arm64.s -stubs ../smooth_neon_arm64.go
//go:generate go -C _asm run ./elements -set sparse -isa neon -pkg kernel -out ../sparse_neon_arm64.s -stubs ../sparse_neon_arm64.go
//go:generate go -C _asm run ./winograd -isa neon -pkg kernel -out ../winograd_neon_arm64.s -stubs ../winograd_neon_arm64.go
