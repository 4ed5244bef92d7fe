// Command gemm generates the assembly below the matrix product: micro-kernels and packing, for one instruction set.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512, avx2 or neon")
	flag.Parse()
	if *name == "neon" {
		generateNEON()
		return
	}
	ConstraintExpr("!purego")
	for _, size := range []int{4, 8} {
		t := avx512(size)
		if *name == "avx2" {
			t = avx2(size)
		}
		t.panel()
		t.copyRows()
		t.transpose()
		t.stream()
		t.settle()
		if size == 4 {
			t.multiplyAdds()
		}
	}
	Generate()
}

// target is an instruction set together with an element type.
type target struct {
	suffix  string // of the names of the functions
	element string // Go type
	size    int    // bytes of an element
	wide    bool   // AVX-512
	reg     []reg.VecPhysical
	rows    int // most rows of a tile; its width is two vectors
}

func avx512(size int) *target {
	t := &target{suffix: "AVX512", size: size, wide: true, rows: 12, reg: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}}
	return t.named()
}

func avx2(size int) *target {
	t := &target{suffix: "AVX2", size: size, rows: 6, reg: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}}
	return t.named()
}

// named sets what depends on the element type.
func (t *target) named() *target {
	t.element = map[int]string{4: "float32", 8: "float64"}[t.size]
	t.suffix = map[int]string{4: "F32", 8: "F64"}[t.size] + t.suffix
	return t
}

// vector returns the number of bytes of a vector register.
func (t *target) vector() int {
	if t.wide {
		return 64
	}
	return 32
}

// lanes returns the number of elements of a vector register.
func (t *target) lanes() int { return t.vector() / t.size }

// shift returns the binary logarithm of the size of an element.
func (t *target) shift() int { return map[int]int{4: 2, 8: 3}[t.size] }
