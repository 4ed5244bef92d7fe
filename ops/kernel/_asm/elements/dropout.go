package main

import (
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// group is the number of elements that 16 counters of Philox serve: element 16 l + j takes word l of counter j.
const group = 64

// drop generates Drop of slices that begin with a group, whose first counter is an argument.
func (t *isa) drop() {
	t.function("drop", "func(dst, x []float32, scale, shift, dropped float32, limit, counter, stream, seedLow, seedHigh, stepLow, stepHigh uint32)")
	n, counter, base := Load(Param("dst").Len(), GP64()), Load(Param("counter"), GP32()), bases("dst", "x")
	// Vectors of counters, beginning at these, whose words are made together so that they do not wait for each other, as far
	// as there are registers.
	together, step := [][]int{{0}, {8}}, I32(group)
	switch {
	case t.wide:
		together, step = [][]int{{0, 16}}, 2*group
	case t.neon:
		together = [][]int{{0, 4}, {8, 12}}
	}
	// body treats the elements of those counters, or the first n of them.
	body := func(whole bool) {
		for _, js := range together {
			noise := t.philox(counter, js)
			scale, shift, dropped := t.argument("scale"), t.argument("shift"), t.argument("dropped")
			for i, j := range js {
				for l, words := range noise[i] {
					offset := j/16*group + 16*l + j%16
					var k *mask
					if !whole {
						k = t.firstAfter(n, offset)
					}
					x := t.load(Mem{Base: base[1], Disp: 4 * offset}, k)
					y := t.choose(t.kept(words, x), t.add(t.mul(x, scale), shift), dropped)
					t.store(y, Mem{Base: base[0], Disp: 4 * offset}, k)
				}
			}
		}
	}
	SUBQ(step, n)
	JL(LabelRef("rest"))
	Label("loop")
	body(true)
	for _, p := range base {
		ADDQ(4*step, p)
	}
	ADDL(step/4, counter)
	SUBQ(step, n)
	JGE(LabelRef("loop"))
	Label("rest")
	ADDQ(step, n)
	JEQ(LabelRef("done"))
	body(false)
	Label("done")
	t.end()
}

// firstAfter returns the mask of a vector that begins at the given one of n elements.
func (t *isa) firstAfter(n reg.Register, offset int) *mask {
	left, none := GP64(), GP64()
	XORQ(none, none)
	MOVQ(n, left)
	SUBQ(U8(offset), left)
	CMOVQLT(none, left)
	return t.first(left)
}

// kept returns where words of noise keep the elements x: where they are at least limit, and where x is not a number.
func (t *isa) kept(words, x vector) reg.Register {
	limit, nan := t.argument("limit"), t.compare(unordered, x, x)
	if t.neon {
		return t.neonKept(words, limit, nan.(vector))
	}
	if t.wide {
		keep, either := K(), K()
		build.VPCMPUD(U8(5), limit, words, keep)
		build.KORW(keep, nan, either)
		return either
	}
	keep := t.vec()
	build.VPMAXUD(limit, words, keep)
	build.VPCMPEQD(words, keep, keep)
	build.VORPS(nan, keep, keep)
	return keep
}
