package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// copyRows generates the copy of a panel of B, two vectors wide, into a contiguous one. It reads ahead of itself,
// because the rows of a wide matrix lie on different pages.
func (t *target) copyRows() {
	TEXT("copyRows"+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(k int, src []%[1]s, srcRow int, dst []%[1]s)", t.element))
	Pragma("noescape")
	k, src, dst, row := Load(Param("k"), reg.RAX), Load(Param("src").Base(), reg.RBX), Load(Param("dst").Base(), reg.RDI), t.stride("srcRow", reg.RSI)
	ahead := reg.RDX
	MOVQ(row, ahead)
	SHLQ(U8(4), ahead)
	TESTQ(k, k)
	JZ(LabelRef("done"))
	Label("row")
	for v := range 2 {
		PREFETCHT0(Mem{Base: src, Index: ahead, Scale: 1, Disp: v * t.vector()})
		VMOVUPS(Mem{Base: src, Disp: v * t.vector()}, t.reg[v])
		VMOVUPS(t.reg[v], Mem{Base: dst, Disp: v * t.vector()})
	}
	ADDQ(row, src)
	ADDQ(U8(2*t.vector()), dst)
	DECQ(k)
	JNZ(LabelRef("row"))
	Label("done")
	VZEROUPPER()
	RET()
}

// transpose generates the transpose of one vector's width of rows: dst[q*dstRow+j] = src[j*srcRow+q] for q < k and all
// lanes j. Lanes j >= rows hold copies of the last row. k is a multiple of the lanes but with AVX-512, where dst needs
// room for as many rows.
func (t *target) transpose() {
	TEXT("transpose"+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(rows, k int, src []%[1]s, srcRow int, dst []%[1]s, dstRow int)", t.element))
	Pragma("noescape")
	k, src, dst := Load(Param("k"), reg.RAX), Load(Param("src").Base(), reg.RBX), Load(Param("dst").Base(), reg.RDI)
	srcRow, dstRow := t.stride("srcRow", reg.RSI), t.stride("dstRow", reg.R8)
	p, step, left, none := reg.RDX, reg.R9, reg.R10, reg.R11
	var tail *mask
	if t.wide {
		tail = &mask{k: reg.K1}
		MOVQ(I32(-1), step)
		KMOVQ(step, reg.K1)
	}
	XORQ(none, none)
	Label("block")
	TESTQ(k, k)
	JLE(LabelRef("done"))
	if t.wide {
		CMPQ(k, U8(t.lanes()))
		JGE(LabelRef("whole"))
		MOVQ(I32(-1), step)
		BZHIQ(k, step, step)
		KMOVQ(step, reg.K1)
		Label("whole")
	}
	MOVQ(src, p)
	MOVQ(srcRow, step)
	Load(Param("rows"), left)
	x, y := t.reg[:t.lanes()], t.reg[t.lanes():2*t.lanes()]
	for i, v := range x {
		t.load(Mem{Base: p}, tail, v)
		if i < len(x)-1 {
			DECQ(left)
			CMOVQLE(none, step)
			ADDQ(step, p)
		}
	}
	for _, v := range t.network(x, y) {
		VMOVUPS(v, Mem{Base: dst})
		ADDQ(dstRow, dst)
	}
	ADDQ(U8(t.vector()), src)
	SUBQ(U8(t.lanes()), k)
	JMP(LabelRef("block"))
	Label("done")
	VZEROUPPER()
	RET()
}

// network transposes the square in x, using y, and returns its rows in order.
func (t *target) network(x, y []reg.VecPhysical) []reg.VecPhysical {
	// stage combines registers i and i+d for each i with bit d clear.
	stage := func(d int, low, high func(a, b, dst reg.VecPhysical)) {
		for i := range x {
			if i&d == 0 {
				low(x[i], x[i+d], y[i])
				high(x[i], x[i+d], y[i+d])
			}
		}
		x, y = y, x
	}
	lowPS := func(a, b, dst reg.VecPhysical) { VUNPCKLPS(b, a, dst) }
	highPS := func(a, b, dst reg.VecPhysical) { VUNPCKHPS(b, a, dst) }
	lowPD := func(a, b, dst reg.VecPhysical) { VUNPCKLPD(b, a, dst) }
	highPD := func(a, b, dst reg.VecPhysical) { VUNPCKHPD(b, a, dst) }
	shuffle := func(imm uint8) func(a, b, dst reg.VecPhysical) {
		return func(a, b, dst reg.VecPhysical) { VSHUFF32X4(U8(imm), b, a, dst) }
	}
	permute := func(imm uint8) func(a, b, dst reg.VecPhysical) {
		return func(a, b, dst reg.VecPhysical) { VPERM2F128(U8(imm), b, a, dst) }
	}

	// Squares of 16 bytes, inside the 128-bit lanes: register g*lane+c gets the columns c of the rows of group g ...
	lane := 16 / t.size
	if t.size == 4 {
		stage(1, lowPS, highPS)
		stage(2, lowPD, highPD)
	} else {
		stage(1, lowPD, highPD)
	}
	// ... then squares of whole lanes: register g*lane+c gets column g*lane+c of all rows.
	if t.wide {
		stage(lane, shuffle(0x88), shuffle(0xdd))
		stage(2*lane, shuffle(0x88), shuffle(0xdd))
	} else {
		stage(lane, permute(0x20), permute(0x31))
	}
	if t.size == 4 { // the two unpackings leave the middle columns of each group exchanged
		for i := 0; i < len(x); i += 4 {
			x[i+1], x[i+2] = x[i+2], x[i+1]
		}
	}
	return x
}

// stride loads a distance in elements and makes bytes of it.
func (t *target) stride(param string, r reg.Register) reg.Register {
	Load(Param(param), r)
	SHLQ(U8(t.shift()), r)
	return r
}
