package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// multiplyAdds generates rounds of as many multiply-adds as a tile has sums, which wait for nothing but the one before them in the same register.
func (t *target) multiplyAdds() {
	TEXT("multiplyAdds"+t.suffix, attr.NOSPLIT, "func(rounds int)")
	Pragma("noescape")
	rounds := Load(Param("rounds"), reg.RAX)
	sums, x := t.reg[:2*t.rows], t.reg[2*t.rows]
	for _, v := range t.reg[:2*t.rows+1] {
		t.zero(v)
	}
	TESTQ(rounds, rounds)
	JLE(LabelRef("done"))
	Label("round")
	for _, v := range sums {
		t.fma(x, x, v)
	}
	DECQ(rounds)
	JNZ(LabelRef("round"))
	Label("done")
	VZEROUPPER()
	RET()
}

// multiplyAdds generates the same for NEON.
func (t *neonTarget) multiplyAdds() {
	t.function("multiplyAdds", "func(rounds int)")
	rounds, x := t.LoadArg(t.Param("rounds")), t.Vec()
	t.Zero(x)
	var sums []neon.Reg
	for range neonRows * neonVectors {
		v := t.Vec()
		t.Zero(v)
		sums = append(sums, v)
	}
	t.CompareConst(rounds, 0)
	t.Branch("LE", "done")
	t.Label("round")
	for _, v := range sums {
		t.FMlaElement(t.size, v, x, x, 0)
	}
	t.SubFlags(rounds, rounds, 1)
	t.Branch("NE", "round")
	t.Label("done")
	t.Return()
}
