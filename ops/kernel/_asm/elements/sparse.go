package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// sparse generates weighted sums of rows: dst += sum over k of values[k] x[columns[k]*width : ...], where dst has width elements. A strip of
// dst stays in registers while the loop runs over the rows.
func (t *isa) sparse() {
	t.function("addRows", "func(dst, x []float32, columns []int, values []float32)")
	width := Load(Param("dst").Len(), GP64())
	left, stride := GP64(), GP64()
	MOVQ(width, left)
	MOVQ(width, stride)
	SHLQ(U8(2), stride)
	base := bases("dst", "x", "columns", "values")
	dst, x, columns, values := base[0], base[1], base[2], base[3]
	n := Load(Param("columns").Len(), GP64())

	strip := func(vectors int, k *mask) {
		sum := make([]vector, vectors)
		at := func(base reg.Register, i int) Mem { return Mem{Base: base, Disp: 4 * i * t.lanes()} }
		for i := range sum {
			sum[i] = t.load(at(dst, i), k)
		}
		loop, i, row := t.label("row"), GP64(), GP64()
		XORQ(i, i)
		Label(loop)
		MOVQ(Mem{Base: columns, Index: i, Scale: 8}, row)
		IMULQ(stride, row)
		ADDQ(x, row)
		factor := t.broadcast(Mem{Base: values, Index: i, Scale: 4})
		for j := range sum {
			t.addTo(sum[j], t.mul(factor, t.load(at(row, j), k)))
		}
		INCQ(i)
		CMPQ(i, n)
		JL(LabelRef(loop))
		for i := range sum {
			t.store(sum[i], at(dst, i), k)
		}
		step := I32(int32(vectors * t.lanes()))
		ADDQ(I32(int32(4*vectors*t.lanes())), dst)
		ADDQ(I32(int32(4*vectors*t.lanes())), x)
		SUBQ(step, left)
	}

	TESTQ(n, n)
	JLE(LabelRef("done"))
	for _, vectors := range []int{8, 2} {
		again, next := t.label("strip"), t.label("next")
		Label(again)
		CMPQ(left, I32(int32(vectors*t.lanes())))
		JL(LabelRef(next))
		strip(vectors, nil)
		JMP(LabelRef(again))
		Label(next)
	}
	Label("tail")
	TESTQ(left, left)
	JLE(LabelRef("done"))
	strip(1, t.first(left))
	JMP(LabelRef("tail"))
	Label("done")
	t.end()
}
