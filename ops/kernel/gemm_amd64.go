//go:build !purego

package kernel

//go:generate go -C _asm run ./gemm -isa avx512 -pkg kernel -out ../gemm_avx512_amd64.s -stubs ../gemm_avx512_amd64.go
//go:generate go -C _asm run ./gemm -isa avx2 -pkg kernel -out ../gemm_avx2_amd64.s -stubs ../gemm_avx2_amd64.go

var engines32 = [len(variants)]*engine[float32]{
	purego: pureEngine[float32](),
	avx2: {rows: 6, cols: 16, lanes: 8, line: 16, fetched: 2, worth: 1 << 15,
		panel: panelF32AVX2, copyRows: copyRowsF32AVX2, transpose: whole(8, transposeF32AVX2),
		stream: streamF32AVX2, settle: settleF32AVX2, streamRows: 3, multiplyAdds: multiplyAddsF32AVX2, arithmetic: 2 * 6 * 16},
	avx512: {rows: 12, cols: 32, lanes: 16, line: 16, fetched: 2, worth: 1 << 16,
		panel: panelF32AVX512, copyRows: copyRowsF32AVX512, transpose: transposeF32AVX512,
		stream: streamF32AVX512, settle: settleF32AVX512, streamRows: 4, multiplyAdds: multiplyAddsF32AVX512, arithmetic: 2 * 12 * 32},
}

var engines64 = [len(variants)]*engine[float64]{
	purego: pureEngine[float64](),
	avx2: {rows: 6, cols: 8, lanes: 4, line: 8, fetched: 2, worth: 1 << 14,
		panel: panelF64AVX2, copyRows: copyRowsF64AVX2, transpose: whole(4, transposeF64AVX2),
		stream: streamF64AVX2, settle: settleF64AVX2, streamRows: 3},
	avx512: {rows: 12, cols: 16, lanes: 8, line: 8, fetched: 2, worth: 1 << 15,
		panel: panelF64AVX512, copyRows: copyRowsF64AVX512, transpose: transposeF64AVX512,
		stream: streamF64AVX512, settle: settleF64AVX512, streamRows: 4},
}

// widest is the width of the widest tile.
const widest = 32
