package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Registers that keep their meaning from tile to tile: the line to fetch next, as a row and a column.
var ahead, aheadCol = reg.R12, reg.R13

// panel generates the micro-kernel and the loop over the tiles of a panel. A tile holds rows x cols sums in registers,
// one body for each number of rows and of vectors in a row. For each k it loads a row of B and multiplies it by
// one element after the other of a column of A.
func (t *target) panel() {
	TEXT("panel"+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(rows, tiles, short, cols, k int, "+
		"a []%[1]s, aRow, aCol int, b []%[1]s, bRow int, c []%[1]s, cRow int, bias []%[1]s, add bool, "+
		"ahead []%[1]s, aheadCols, aheadRow, aheadLines int)", t.element))
	Pragma("noescape")
	for _, stride := range []string{"aRow", "aCol", "bRow", "cRow", "aheadRow"} {
		SHLQ(U8(t.shift()), address(stride)) // bytes from here on
	}
	Load(Param("ahead").Base(), ahead)
	XORQ(aheadCol, aheadCol)
	rows, cols := reg.RAX, Load(Param("cols"), reg.RCX)
	masks := t.masks(cols)
	shapes := []struct {
		vectors int
		masks   []*mask
	}{{2, nil}, {2, masks}, {1, masks}}

	Label("tile")
	Load(Param("rows"), rows)
	Load(Param("cols"), cols)
	for _, s := range shapes {
		narrower := fmt.Sprintf("narrower%d%v", s.vectors, s.masks != nil)
		if s.masks == nil {
			CMPQ(cols, U8(2*t.lanes()))
			JL(LabelRef(narrower))
		} else if s.vectors == 2 {
			CMPQ(cols, U8(t.lanes()))
			JLE(LabelRef(narrower))
		}
		for r := t.rows; r > 1; r-- {
			CMPQ(rows, U8(r))
			JEQ(LabelRef(label(r, s.vectors, s.masks)))
		}
		JMP(LabelRef(label(1, s.vectors, s.masks)))
		Label(narrower)
	}
	for _, s := range shapes {
		for r := t.rows; r >= 1; r-- {
			Label(label(r, s.vectors, s.masks))
			t.tile(r, s.vectors, s.masks)
			JMP(LabelRef("next"))
		}
	}
	t.next()
}

func label(rows, vectors int, masks []*mask) string {
	return fmt.Sprintf("rows%dvectors%dmasks%d", rows, vectors, len(masks))
}

// next generates the step from one tile to the next.
func (t *target) next() {
	Label("next")
	tiles := Load(Param("tiles"), reg.RAX)
	DECQ(tiles)
	JZ(LabelRef("done"))
	MOVQ(tiles, address("tiles"))
	for _, m := range []string{"a", "c"} {
		step := Load(Param("rows"), reg.RBX)
		IMULQ(address(m+"Row"), step)
		ADDQ(step, base(m))
	}
	CMPQ(tiles, address("short"))
	JNE(LabelRef("tall"))
	DECQ(address("rows"))
	Label("tall")
	k := Load(Param("k"), reg.RBX)
	SUBQ(k, address("aheadLines"))
	JG(LabelRef("tile"))
	// Nothing is left to fetch: fetch what is here.
	Load(Param("b").Base(), ahead)
	MOVQ(U32(0), address("aheadCols"))
	MOVQ(U32(0), address("aheadRow"))
	JMP(LabelRef("tile"))
	Label("done")
	VZEROUPPER()
	RET()
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
	// 16 words of ones and 16 of zeros: the mask of a row begins as many bytes before the zeros as the row is long.
	table := GLOBL("ones"+t.suffix, attr.RODATA|attr.NOPTR)
	for i := range 32 {
		DATA(4*i, U32(uint32(int32(i-16)>>31)))
	}
	at := reg.R11
	LEAQ(table, at)
	ADDQ(I8(64), at)
	SHLQ(U8(t.shift()), cols)
	SUBQ(cols, at)
	return []*mask{{at: Mem{Base: at}}, {at: Mem{Base: at, Disp: 32}}}
}

// tile generates the tile with the given numbers of rows and of vectors in a row.
func (t *target) tile(rows, vectors int, masks []*mask) {
	name := label(rows, vectors, masks)
	sum := func(i, v int) reg.VecPhysical { return t.reg[i*vectors+v] }
	row := t.reg[rows*vectors:][:vectors] // of B, then of bias and C
	part := func(p reg.Register, v int) Mem { return Mem{Base: p, Disp: v * t.vector()} }
	for i := range rows * vectors {
		t.zero(t.reg[i])
	}
	t.fetchC(name, rows, vectors)
	t.product(name, rows, vectors, row, masks)

	bias := Load(Param("bias").Base(), reg.RAX)
	TESTQ(bias, bias)
	JZ(LabelRef(name + "unbiased"))
	for v := range vectors {
		t.load(part(bias, v), at(masks, v), row[v])
		for i := range rows {
			t.add(row[v], sum(i, v), sum(i, v))
		}
	}
	Label(name + "unbiased")
	c, cRow := Load(Param("c").Base(), reg.RAX), Load(Param("cRow"), reg.RSI)
	CMPB(address("add"), U8(0))
	JEQ(LabelRef(name + "store"))
	for i := range rows {
		for v := range vectors {
			t.load(part(c, v), at(masks, v), row[v])
			t.add(row[v], sum(i, v), sum(i, v))
		}
		ADDQ(cRow, c)
	}
	Load(Param("c").Base(), c)
	Label(name + "store")
	for i := range rows {
		for v := range vectors {
			t.store(sum(i, v), at(masks, v), part(c, v), row[v])
		}
		if i < rows-1 {
			ADDQ(cRow, c)
		}
	}
}

// at returns the mask of a vector, or nil.
func at(masks []*mask, v int) *mask {
	if masks == nil {
		return nil
	}
	return masks[v]
}

// fetchC requests the tile of C, which is needed at the end, unless the end is near.
func (t *target) fetchC(name string, rows, vectors int) {
	k, c, cRow := Load(Param("k"), reg.RAX), Load(Param("c").Base(), reg.RBX), Load(Param("cRow"), reg.RSI)
	CMPQ(k, U8(32))
	JL(LabelRef(name + "start"))
	for i := range rows {
		for v := 0; v < vectors*t.vector(); v += 64 {
			PREFETCHT1(Mem{Base: c, Disp: v})
		}
		if i < rows-1 {
			ADDQ(cRow, c)
		}
	}
	Label(name + "start")
}

// address returns where a parameter lies.
func address(param string) Mem { return resolve(Param(param)) }

// base returns where the address of the first element of a slice lies.
func base(param string) Mem { return resolve(Param(param).Base()) }

func resolve(c gotypes.Component) Mem {
	p, err := c.Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}
