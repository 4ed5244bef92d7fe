//go:build !purego

package kernel

//go:generate go -C _asm run ./elements -set sparse -isa avx512 -pkg kernel -out ../sparse_avx512_amd64.s -stubs ../sparse_avx512_amd64.go
//go:generate go -C _asm run ./elements -set sparse -isa avx2 -pkg kernel -out ../sparse_avx2_amd64.s -stubs ../sparse_avx2_amd64.go

// addRows32 adds weighted rows to a vector: dst += sum over k of values[k] x[columns[k]].
var addRows32 = [...]func(dst, x []float32, columns []int, values []float32){purego: nil, avx2: addRowsAVX2, avx512: addRowsAVX512}
