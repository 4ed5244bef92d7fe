package machine

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ADDQ, SUBQ, ADDL, INCQ and DECQ set the flags.

func ADDQ(x, dst operand.Op) {
	if file == nil {
		build.ADDQ(x, dst)
		return
	}
	d := changed(dst.(reg.Register))
	if n, ok := number(x); ok {
		function.SubFlags(d, d, -n)
		return
	}
	function.AddFlags(d, d, value(x))
}

func SUBQ(x, dst operand.Op) {
	if file == nil {
		build.SUBQ(x, dst)
		return
	}
	d := changed(dst.(reg.Register))
	if n, ok := number(x); ok {
		function.SubFlags(d, d, n)
		return
	}
	function.SubRegFlags(d, d, value(x))
}

// ADDL adds words without signs.
func ADDL(x, dst operand.Op) {
	if file == nil {
		build.ADDL(x, dst)
		return
	}
	ADDQ(x, dst) // whoever reads words ignores the upper half
}

func INCQ(dst operand.Op) {
	if file == nil {
		build.INCQ(dst)
		return
	}
	ADDQ(operand.U8(1), dst)
}

func DECQ(dst operand.Op) {
	if file == nil {
		build.DECQ(dst)
		return
	}
	SUBQ(operand.U8(1), dst)
}

// CMPQ compares x with y.
func CMPQ(x, y operand.Op) {
	if file == nil {
		build.CMPQ(x, y)
		return
	}
	if n, ok := number(y); ok {
		function.CompareConst(value(x), n)
		return
	}
	function.Compare(value(x), value(y))
}

// TESTQ compares a register, given twice, with zero.
func TESTQ(x, y operand.Op) {
	if file == nil {
		build.TESTQ(x, y)
		return
	}
	if x != y {
		panic("machine: TESTQ of two registers")
	}
	function.CompareConst(value(x), 0)
}

// XORQ clears a register, given twice.
func XORQ(x, dst operand.Op) {
	if file == nil {
		build.XORQ(x, dst)
		return
	}
	if x != dst {
		panic("machine: XORQ of two registers")
	}
	function.MoveConst(changed(dst.(reg.Register)), 0)
}

func MOVQ(src, dst operand.Op) {
	if file == nil {
		build.MOVQ(src, dst)
		return
	}
	if n, ok := number(src); ok {
		function.MoveConst(changed(dst.(reg.Register)), n)
		return
	}
	v := value(src)
	function.Move(changed(dst.(reg.Register)), v)
}

// CMOVQLT copies src if the last comparison was of a smaller with a larger number.
func CMOVQLT(src, dst operand.Op) {
	if file == nil {
		build.CMOVQLT(src, dst)
		return
	}
	d := changed(dst.(reg.Register))
	function.Select("LT", d, value(src), d)
}

func SHLQ(n, dst operand.Op) {
	if file == nil {
		build.SHLQ(n, dst)
		return
	}
	bits, _ := number(n)
	d := changed(dst.(reg.Register))
	function.Shift(d, d, bits)
}

func IMULQ(x, dst operand.Op) {
	if file == nil {
		build.IMULQ(x, dst)
		return
	}
	d := changed(dst.(reg.Register))
	function.Mul(d, d, value(x))
}

// LEAQ sets dst to an address.
func LEAQ(m operand.Mem, dst reg.Register) {
	if file == nil {
		build.LEAQ(m, dst)
		return
	}
	base, disp := R(m.Base), m.Disp
	if m.Index == nil {
		function.AddConst(changed(dst), base, disp)
		return
	}
	index := R(m.Index)
	d := changed(dst)
	function.Add(d, base, index, log2(m.Scale))
	if disp != 0 {
		function.AddConst(d, d, disp)
	}
}

// branch is a jump, by arm64's condition.
func branch(x86 func(operand.Op), condition string, to operand.Op) {
	if file == nil {
		x86(to)
		return
	}
	function.Branch(condition, string(to.(operand.LabelRef)))
}

func JMP(to operand.Op) { branch(build.JMP, "", to) }
func JL(to operand.Op)  { branch(build.JL, "LT", to) }
func JLE(to operand.Op) { branch(build.JLE, "LE", to) }
func JG(to operand.Op)  { branch(build.JG, "GT", to) }
func JGE(to operand.Op) { branch(build.JGE, "GE", to) }
func JZ(to operand.Op)  { branch(build.JZ, "EQ", to) }
func JEQ(to operand.Op) { branch(build.JEQ, "EQ", to) }
func JNZ(to operand.Op) { branch(build.JNZ, "NE", to) }
