//go:build !purego

package kernel

//go:generate go -C _asm run ./winograd -isa avx512 -pkg kernel -out ../winograd_avx512_amd64.s -stubs ../winograd_avx512_amd64.go
//go:generate go -C _asm run ./winograd -isa avx2 -pkg kernel -out ../winograd_avx2_amd64.s -stubs ../winograd_avx2_amd64.go

var transforms32 = [...]*transforms[float32]{
	purego: &pureTransforms,
	avx2:   {winogradInputsAVX2, winogradOutputsAVX2, winogradSpreadAVX2},
	avx512: {winogradInputsAVX512, winogradOutputsAVX512, winogradSpreadAVX512},
}
