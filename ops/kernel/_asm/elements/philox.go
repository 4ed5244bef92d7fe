package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// philox returns the four words of Philox4x32-10 (Salmon et al. 2011) of vectors of counters: counter+j, counter+j+1, ...
// for each j of js.
//
// A product of words of 32 bits has 64, so the words of even and of odd counters lie in the lower halves of lanes of 64 bits. The upper
// halves do not matter until both are put together.
func (t *isa) philox(counter reg.Register, js []int) (words []vectors) {
	if t.neon {
		return t.neonPhilox(counter, js)
	}
	multiplier := []vector{t.integers(0xD2511F53), t.integers(0xCD9E8D57)}
	weyl := []Op{t.integers(0x9E3779B9), t.integers(0xBB67AE85)}
	key := vectors{t.argument("seedLow"), t.argument("seedHigh")}
	upper := vectors{t.argument("stream"), t.argument("stepLow"), t.argument("stepHigh")}
	var state []vectors
	for _, j := range js {
		for odd := range 2 {
			state = append(state, append(vectors{t.counters(counter, j+odd)}, upper...))
		}
	}
	for round := range 10 {
		if round > 0 {
			for i, k := range key {
				build.VPADDD(weyl[i], k, k)
			}
		}
		for _, c := range state {
			low0, low1 := t.vec(), t.vec()
			build.VPMULUDQ(multiplier[0], c[0], low0)
			build.VPMULUDQ(multiplier[1], c[2], low1)
			high := func(product, a, b vector) vector {
				v := t.vec()
				build.VPSRLQ(U8(32), product, v)
				t.xor(v, a, b)
				return v
			}
			c[0], c[1], c[2], c[3] = high(low1, c[1], key[0]), low1, high(low0, c[3], key[1]), low0
		}
	}
	for i := range js {
		words = append(words, nil)
		for l, even := range state[2*i] {
			words[i] = append(words[i], t.merge(even, state[2*i+1][l]))
		}
	}
	return words
}

// integers returns a register full of x.
func (t *isa) integers(x uint32) vector {
	v := t.vec()
	build.VBROADCASTSS(t.word(U32(x)), v)
	return v
}

// counters returns counter+j, counter+j+2, ... in the lower halves of lanes of 64 bits.
func (t *isa) counters(counter reg.Register, j int) vector {
	low, v := XMM(), t.vec()
	build.VMOVD(counter, low)
	build.VPBROADCASTD(low, v)
	build.VPADDD(t.table(fmt.Sprintf("from%d", j), func() {
		for i := range t.lanes() / 2 {
			build.DATA(8*i, U64(uint64(j+2*i)))
		}
	}), v, v)
	return v
}

// xor sets v to v ^ a ^ b.
func (t *isa) xor(v, a, b vector) {
	if t.wide {
		build.VPTERNLOGD(U8(0x96), a, b, v)
		return
	}
	build.VPXOR(a, v, v)
	build.VPXOR(b, v, v)
}

// merge returns the lower halves of the lanes of 64 bits of even and of odd, alternately.
func (t *isa) merge(even, odd vector) vector {
	v := t.vec()
	build.VPSLLQ(U8(32), odd, v)
	if t.wide {
		build.VPTERNLOGQ_BCST(U8(0xF8), t.word(U64(math.MaxUint32)), even, v) // v or (even and lower half)
	} else {
		build.VPBLENDD(U8(0x55), even, v, v)
	}
	return v
}
