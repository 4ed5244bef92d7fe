package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// settle generates what makes the sums of a stream a block of C, as the end of a tile does:
//
//	c[i*cRow+j] = sum[i*sumRow+j] + bias[j] + c[i*cRow+j]
//
// without the bias if it is nil, and without C unless add is set.
func (t *target) settle() {
	TEXT("settle"+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(rows, cols int, sum []%[1]s, sumRow int, c []%[1]s, cRow int, bias []%[1]s, add bool)", t.element))
	Pragma("noescape")
	s := settleRegs{sum: reg.RAX, c: reg.RBX, bias: reg.RCX, n: reg.RDX, from: reg.RSI, to: reg.RDI}
	Load(Param("sum").Base(), s.from)
	Load(Param("c").Base(), s.to)
	SHLQ(U8(t.shift()), address("sumRow")) // bytes from here on
	SHLQ(U8(t.shift()), address("cRow"))
	Label("row")
	Load(Param("bias").Base(), s.bias)
	CMPB(address("add"), U8(0))
	JNE(LabelRef("add"))
	CMPQ(s.bias, U8(0))
	JNE(LabelRef("bias"))
	t.settleRow(s, "copy", false, false)
	Label("bias")
	t.settleRow(s, "bias", true, false)
	Label("add")
	CMPQ(s.bias, U8(0))
	JNE(LabelRef("both"))
	t.settleRow(s, "add", false, true)
	Label("both")
	t.settleRow(s, "both", true, true)
	Label("next")
	ADDQ(address("sumRow"), s.from)
	ADDQ(address("cRow"), s.to)
	DECQ(address("rows"))
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// settleRegs are the registers of settle: places in the rows, the number of steps, and the beginnings of the rows.
type settleRegs struct{ sum, c, bias, n, from, to reg.Register }

// settleRow generates the work on a row, and a jump to the next.
func (t *target) settleRow(s settleRegs, name string, bias, add bool) {
	MOVQ(s.from, s.sum)
	MOVQ(s.to, s.c)
	Load(Param("cols"), s.n)
	SHRQ(U8(t.vectorShift()), s.n)
	JZ(LabelRef(name + "tail"))
	t.settleLoop(s, name+"whole", t.vector(), bias, add, vectorOps(t))
	Label(name + "tail")
	Load(Param("cols"), s.n)
	ANDQ(U8(t.lanes()-1), s.n)
	JZ(LabelRef("next"))
	t.settleLoop(s, name+"single", t.size, bias, add, scalarOps(t))
	JMP(LabelRef("next"))
}

func (t *target) settleLoop(s settleRegs, name string, size int, bias, add bool, o streamOps) {
	x := o.view(t.reg[0])
	places := []reg.Register{s.sum, s.c}
	Label(name)
	o.load(Mem{Base: s.sum}, x)
	if bias {
		o.add(Mem{Base: s.bias}, x)
		places = append(places, s.bias)
	}
	if add {
		o.add(Mem{Base: s.c}, x)
	}
	o.store(x, Mem{Base: s.c})
	for _, p := range places {
		ADDQ(U8(size), p)
	}
	DECQ(s.n)
	JNZ(LabelRef(name))
}
