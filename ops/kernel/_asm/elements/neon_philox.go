package main

import (
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// neonKept returns where words are at least limit, and where nan is set.
func (t *isa) neonKept(words, limit, nan vector) reg.Register {
	f, keep := NEON(), t.vec()
	f.CmHs(R(keep), R(words), R(limit))
	f.Orr(R(keep), R(keep), R(nan))
	return keep
}

// neonPhilox is philox with four counters in a register. A product of words comes in two registers, of which one half of the words is low and the
// other high.
func (t *isa) neonPhilox(counter reg.Register, js []int) (words []vectors) {
	f := NEON()
	integers := func(x ...uint32) neon.Reg {
		v := f.Vec()
		base, disp := WordsAt(x...)
		f.Load(16, v, base, disp)
		return v
	}
	all := func(x uint32) neon.Reg { return integers(x, x, x, x) }
	multiplier, weyl := [2]neon.Reg{all(0xD2511F53), all(0xCD9E8D57)}, [2]neon.Reg{all(0x9E3779B9), all(0xBB67AE85)}
	key := [2]neon.Reg{R(t.argument("seedLow")), R(t.argument("seedHigh"))}
	upper := []neon.Reg{R(t.argument("stream")), R(t.argument("stepLow")), R(t.argument("stepHigh"))}
	var state [][]neon.Reg
	for _, j := range js {
		first := f.Vec()
		f.DupGP(4, first, R(counter))
		f.Add32(first, first, integers(uint32(j), uint32(j+1), uint32(j+2), uint32(j+3)))
		state = append(state, append([]neon.Reg{first}, upper...))
	}
	product := func(x, factor neon.Reg) (low, high neon.Reg) {
		p, q, low, high := f.Vec(), f.Vec(), f.Vec(), f.Vec()
		f.UMulL(p, x, factor)
		f.UMulL2(q, x, factor)
		f.Uzp1(low, p, q)
		f.Uzp2(high, p, q)
		return low, high
	}
	for round := range 10 {
		if round > 0 {
			for i, k := range key {
				f.Add32(k, k, weyl[i])
			}
		}
		for _, c := range state {
			low0, high0 := product(c[0], multiplier[0])
			low1, high1 := product(c[2], multiplier[1])
			for i, h := range []neon.Reg{high1, high0} {
				f.Eor(h, h, c[2*i+1])
				f.Eor(h, h, key[i])
			}
			c[0], c[1], c[2], c[3] = high1, low1, high0, low0
		}
	}
	for _, c := range state {
		var w vectors
		for _, r := range c {
			v := t.vec()
			f.Move(R(v), r)
			w = append(w, v)
		}
		words = append(words, w)
	}
	return words
}
