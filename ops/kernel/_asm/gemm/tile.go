package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tile generates the micro-kernel. It holds rows x cols sums in registers, one body for each number of rows and of
// vectors in a row; for each k it loads a row of B and multiplies it by one element after the other of a column of A.
func (t *target) tile() {
	TEXT("tile"+t.suffix, attr.NOSPLIT, fmt.Sprintf(
		"func(rows, cols, k int, a []%[1]s, aRow, aCol int, b []%[1]s, bRow int, c []%[1]s, cRow int, bias []%[1]s, add bool)", t.element))
	Pragma("noescape")
	rows, cols := Load(Param("rows"), reg.RAX), Load(Param("cols"), reg.RCX)
	masks := t.masks(cols)
	shapes := []struct {
		vectors int
		masks   []*mask
	}{{2, nil}, {2, masks}, {1, masks}}
	if t.wide {
		shapes = shapes[1:] // a mask costs nothing
	}
	for _, s := range shapes {
		next := fmt.Sprintf("not%d%v", s.vectors, s.masks != nil)
		if s.masks == nil {
			CMPQ(cols, U8(2*t.lanes()))
			JL(LabelRef(next))
		} else if s.vectors == 2 {
			CMPQ(cols, U8(t.lanes()))
			JLE(LabelRef(next))
		}
		for r := t.rows; r >= 1; r-- {
			CMPQ(rows, U8(r))
			JEQ(LabelRef(label(r, s.vectors, s.masks)))
		}
		RET()
		Label(next)
	}
	RET()
	for _, s := range shapes {
		for r := t.rows; r >= 1; r-- {
			Label(label(r, s.vectors, s.masks))
			t.body(r, s.vectors, s.masks)
		}
	}
}

func label(rows, vectors int, masks []*mask) string {
	return fmt.Sprintf("r%dv%dm%d", rows, vectors, len(masks))
}

// masks computes the masks of the two vectors of a row.
func (t *target) masks(cols reg.Register) []*mask {
	if t.wide {
		ones := reg.RDX
		MOVQ(I32(-1), ones)
		BZHIQ(cols, ones, ones)
		KMOVQ(ones, reg.K1)
		KSHIFTRQ(U8(t.lanes()), reg.K1, reg.K2)
		return []*mask{{k: reg.K1}, {k: reg.K2}}
	}
	// 16 words of ones and 16 of zeros: the mask of a row of n columns begins n columns before the zeros.
	table := GLOBL("ones"+t.suffix, attr.RODATA|attr.NOPTR)
	for i := range 32 {
		DATA(4*i, U32(uint32(int32(i-16)>>31)))
	}
	at := reg.RDX
	LEAQ(table, at)
	ADDQ(I8(64), at)
	SHLQ(U8(t.shift()), cols)
	SUBQ(cols, at)
	SHRQ(U8(t.shift()), cols)
	return []*mask{{at: Mem{Base: at}}, {at: Mem{Base: at, Disp: 32}}}
}

// body generates the tile with the given numbers of rows and of vectors in a row.
func (t *target) body(rows, vectors int, masks []*mask) {
	name := label(rows, vectors, masks)
	sum := func(i, v int) reg.VecPhysical { return t.reg[i*vectors+v] }
	row := t.reg[rows*vectors:][:vectors] // of B, then of bias and C
	free := t.reg[(rows+1)*vectors:]
	at := func(v int) *mask {
		if masks == nil {
			return nil
		}
		return masks[v]
	}
	part := func(p reg.Register, v int) Mem { return Mem{Base: p, Disp: v * t.vector()} }

	for i := range rows * vectors {
		t.zero(t.reg[i])
	}
	k, b, bRow := Load(Param("k"), reg.RAX), Load(Param("b").Base(), reg.RBX), t.stride("bRow", reg.RSI)
	aRow, aCol := t.stride("aRow", reg.RDI), t.stride("aCol", reg.RCX)
	a := []reg.Register{reg.R8, reg.R9, reg.R10, reg.R11}[:(rows+2)/3] // every third row
	Load(Param("a").Base(), a[0])
	for i := 1; i < len(a); i++ {
		LEAQ(Mem{Base: a[i-1], Index: aRow, Scale: 2}, a[i])
		ADDQ(aRow, a[i])
	}
	TESTQ(k, k)
	JZ(LabelRef(name + "sum"))

	Label(name + "k")
	for v := range vectors {
		t.load(part(b, v), at(v), row[v])
	}
	for i := range rows {
		m, x := Mem{Base: a[i/3]}, free[i%len(free)]
		if i%3 > 0 {
			m.Index, m.Scale = aRow, uint8(i%3)
		}
		t.broadcast(m, x)
		for v := range vectors {
			t.fma(row[v], x, sum(i, v))
		}
	}
	ADDQ(bRow, b)
	for _, p := range a {
		ADDQ(aCol, p)
	}
	DECQ(k)
	JNZ(LabelRef(name + "k"))

	Label(name + "sum")
	bias := Load(Param("bias").Base(), reg.RAX)
	TESTQ(bias, bias)
	JZ(LabelRef(name + "unbiased"))
	for v := range vectors {
		t.load(part(bias, v), at(v), row[v])
		for i := range rows {
			t.add(row[v], sum(i, v), sum(i, v))
		}
	}
	Label(name + "unbiased")
	cRow := t.stride("cRow", reg.RSI)
	add, err := Param("add").Resolve()
	if err != nil {
		panic(err)
	}
	c := Load(Param("c").Base(), reg.RAX)
	CMPB(add.Addr, U8(0))
	JEQ(LabelRef(name + "store"))
	for i := range rows {
		for v := range vectors {
			t.load(part(c, v), at(v), row[v])
			t.add(row[v], sum(i, v), sum(i, v))
		}
		ADDQ(cRow, c)
	}
	Load(Param("c").Base(), c)
	Label(name + "store")
	for i := range rows {
		for v := range vectors {
			t.store(sum(i, v), at(v), part(c, v), row[v])
		}
		if i < rows-1 {
			ADDQ(cRow, c)
		}
	}
	VZEROUPPER()
	RET()
}

// stride loads a distance in elements and makes bytes of it.
func (t *target) stride(param string, r reg.Register) reg.Register {
	Load(Param(param), r)
	SHLQ(U8(t.shift()), r)
	return r
}
