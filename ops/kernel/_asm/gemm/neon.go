package main

import (
	"strings"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// neonTarget is NEON together with an element type.
//
// A tile has 6 rows of 4 vectors: 24 registers hold sums, 6 hold elements of A, one row each, and 2 hold those of B. So a step over as many k as
// a vector has lanes, 4 for float32, loads 6 vectors of A and 16 of B for 96 multiply-adds of vectors: 0.23 loads each, and 0.15 load
// instructions, since B comes in pairs. (Tiles of 8 x 8 would load 0.25, of 4 x 16 0.31, and 8 x 12, which leaves no
// register for the row of A, needs A packed.) 24 sums keep four pipes busy whose latency is 4 cycles: they want 16.
type neonTarget struct {
	*neon.Function
	file    *neon.File
	size    int // bytes of an element
	element string
	suffix  string
}

const (
	neonRows, neonVectors = 6, 4 // of the largest tile
	vectorBytes           = 16
	lineBytes             = 64
)

func generateNEON() {
	f := &neon.File{}
	for _, size := range []int{4, 8} {
		t := &neonTarget{file: f, size: size,
			element: map[int]string{4: "float32", 8: "float64"}[size], suffix: map[int]string{4: "F32NEON", 8: "F64NEON"}[size]}
		t.panel()
		t.copyRows()
		t.transpose()
		t.stream()
		t.settle()
		if size == 4 {
			t.multiplyAdds()
		}
	}
	f.Generate("gemm")
}

func (t *neonTarget) lanes() int { return vectorBytes / t.size }

// shift returns the binary logarithm of the size of an element.
func (t *neonTarget) shift() int { return map[int]int{4: 2, 8: 3}[t.size] }

// function begins a function; %[1]s in its signature is the element type.
func (t *neonTarget) function(name, signature string) {
	t.Function = t.file.Function(name+t.suffix, strings.ReplaceAll(signature, "%[1]s", t.element))
}

// stride returns a distance in bytes.
func (t *neonTarget) stride(param string) neon.Reg {
	r := t.LoadArg(t.Param(param))
	t.Shift(r, r, t.shift())
	return r
}

// copyRows generates the copy of k rows of B as wide as a tile.
func (t *neonTarget) copyRows() {
	t.function("copyRows", "func(k int, src []%[1]s, srcRow int, dst []%[1]s)")
	k, src, dst, row := t.LoadArg(t.Param("k")), t.LoadArg(t.Base("src")), t.LoadArg(t.Base("dst")), t.stride("srcRow")
	ahead := t.GP()
	t.Add(ahead, src, row, 4) // the row to fetch, 16 further on
	t.BranchZero(true, k, "done")
	t.Label("row")
	v := []neon.Reg{t.Vec(), t.Vec(), t.Vec(), t.Vec()}
	t.Prefetch(ahead, 0, 1)
	t.LoadPair(v[0], v[1], src, 0)
	t.LoadPair(v[2], v[3], src, 32)
	t.StorePair(v[0], v[1], dst, 0)
	t.StorePair(v[2], v[3], dst, 32)
	t.Add(ahead, ahead, row, 0)
	t.Add(src, src, row, 0)
	t.AddConst(dst, dst, 64)
	t.SubFlags(k, k, 1)
	t.Branch("NE", "row")
	t.Label("done")
	t.Return()
}

// transpose generates dst[q*dstRow+j] = src[j*srcRow+q] for q < k, a multiple of the lanes, and all lanes j. Lanes j >= rows hold copies of the last row.
func (t *neonTarget) transpose() {
	t.function("transpose", "func(rows, k int, src []%[1]s, srcRow int, dst []%[1]s, dstRow int)")
	n := t.lanes()
	rows, k, dst, srcRow, dstRow := t.LoadArg(t.Param("rows")), t.LoadArg(t.Param("k")), t.LoadArg(t.Base("dst")), t.stride("srcRow"), t.stride("dstRow")
	src := []neon.Reg{t.LoadArg(t.Base("src"))}
	for i := 1; i < n; i++ {
		p := t.GP()
		t.Add(p, src[i-1], srcRow, 0)
		t.CompareConst(rows, i)
		t.Select("GT", p, p, src[i-1])
		src = append(src, p)
	}
	t.SubFlags(k, k, n)
	t.Branch("LT", "done")
	t.Label("block")
	x, y := make([]neon.Reg, n), make([]neon.Reg, n)
	for i := range x {
		x[i], y[i] = t.Vec(), t.Vec()
		t.LoadNext(vectorBytes, x[i], src[i])
	}
	if t.size == 4 {
		z := []neon.Reg{t.Vec(), t.Vec(), t.Vec(), t.Vec()}
		t.Trn1(4, z[0], x[0], x[1])
		t.Trn2(4, z[1], x[0], x[1])
		t.Trn1(4, z[2], x[2], x[3])
		t.Trn2(4, z[3], x[2], x[3])
		for i := range 2 {
			t.Trn1(8, y[i], z[i], z[i+2])
			t.Trn2(8, y[i+2], z[i], z[i+2])
		}
	} else {
		t.Trn1(8, y[0], x[0], x[1])
		t.Trn2(8, y[1], x[0], x[1])
	}
	for _, v := range y {
		t.Store(vectorBytes, v, dst, 0)
		t.Add(dst, dst, dstRow, 0)
	}
	t.SubFlags(k, k, n)
	t.Branch("GE", "block")
	t.Label("done")
	t.Return()
}
