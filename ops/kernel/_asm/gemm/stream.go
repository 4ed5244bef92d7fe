package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// streamDepth is the number of rows of B that stream reads side by side for one row of A. For more rows it is half as many, so that the factors
// of a tile fit into the registers, and B and the sums into the first-level cache: rows that are 4,096 bytes apart share a set of eight lines.
const streamDepth = 8

// rowsAt returns the number of rows of A in the largest tile with the given number of rows of B: the factors and the sums fit into the
// registers, and the sums take less time to store than the products.
func (t *target) rowsAt(depth int) int {
	if depth == streamDepth {
		return 1
	}
	return min(4, (len(t.reg)-1)/(streamDepth/2+1))
}

// stream generates the product of few rows of A with rows of B that are read once, where they lie, in the order of memory:
//
//	sum[i*sumRow+j] += a[i*aRow+q*aCol] * b[q*bRow+j], for each q < k in turn, one fused operation each
//
// for tiles of the given number of rows, the last short ones with one row less. A few elements of each row of A stay in registers while as many
// rows of B pass by.
func (t *target) stream() {
	TEXT("stream"+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(rows, tiles, short, cols, k int, "+
		"a []%[1]s, aRow, aCol int, b []%[1]s, bRow int, sum []%[1]s, sumRow int)", t.element))
	Pragma("noescape")
	for _, stride := range []string{"aRow", "aCol", "bRow", "sumRow"} {
		SHLQ(U8(t.shift()), address(stride)) // bytes from here on
	}
	s := streamRegisters()
	Load(Param("aRow"), s.aRow)
	Load(Param("aCol"), s.aCol)
	Load(Param("bRow"), s.bRow)
	Load(Param("sumRow"), s.sumRow)
	CMPQ(address("rows"), U8(t.rowsAt(streamDepth)))
	JG(LabelRef("depth4"))
	for _, depth := range []int{streamDepth, streamDepth / 2, 1} {
		t.streamGroups(s, depth)
	}
	VZEROUPPER()
	RET()
}

// streamRegs are the registers that keep their meaning.
type streamRegs struct {
	b                            [3]reg.Register // rows 0, 3 and 6 of a group; the last holds row 3 of the sums if there is no row 6
	aRow, aCol, bRow, sumRow     reg.Register
	sum, n, a, tiles, tileA, top reg.Register
	ahead                        [3]reg.Register // of the next group, in the place of aRow and aCol while columns pass by
}

func streamRegisters() streamRegs {
	return streamRegs{
		b:    [3]reg.Register{reg.RAX, reg.RBX, reg.RCX},
		bRow: reg.RDX, sum: reg.RSI, sumRow: reg.RDI, n: reg.R8, a: reg.R9, aRow: reg.R10, aCol: reg.R11,
		tiles: reg.R12, tileA: reg.R13, top: reg.R15,
		ahead: [3]reg.Register{reg.R14, reg.R10, reg.R11},
	}
}

// streamGroups generates the loop over groups of depth rows of B, as long as k allows.
func (t *target) streamGroups(s streamRegs, depth int) {
	name := fmt.Sprintf("depth%d", depth)
	Label(name)
	CMPQ(address("k"), U8(depth))
	JL(LabelRef(name + "end"))
	Load(Param("tiles"), s.tiles)
	Load(Param("a").Base(), s.tileA)
	Load(Param("sum").Base(), s.top)
	Label(name + "tile")
	rows := Load(Param("rows"), s.n)
	CMPQ(s.tiles, address("short"))
	JG(LabelRef(name + "tall"))
	DECQ(rows)
	Label(name + "tall")
	most := t.rowsAt(depth)
	for r := most; r > 1; r-- {
		CMPQ(rows, U8(r))
		JEQ(LabelRef(fmt.Sprintf("%srows%d", name, r)))
	}
	for r := 1; r <= most; r++ {
		Label(fmt.Sprintf("%srows%d", name, r))
		t.streamTile(s, fmt.Sprintf("%srows%d", name, r), r, depth)
		JMP(LabelRef(name + "next"))
	}
	Label(name + "next")
	DECQ(s.tiles)
	JNZ(LabelRef(name + "tile"))
	for range depth {
		ADDQ(s.aCol, base("a"))
		ADDQ(s.bRow, base("b"))
	}
	SUBQ(U8(depth), address("k"))
	JMP(LabelRef(name))
	Label(name + "end")
}

// streamTile generates the work of a tile on a group of rows of B.
func (t *target) streamTile(s streamRegs, name string, rows, depth int) {
	factor := func(q, i int) reg.VecPhysical { return t.reg[q*rows+i] }
	as := []reg.Register{s.a, s.ahead[0]}[:(rows+2)/3]
	threes(s.tileA, s.aRow, as)
	for q := range depth {
		for i := range rows {
			t.broadcast(streamMem(as, s.aRow, i), factor(q, i))
		}
		for _, p := range as {
			ADDQ(s.aCol, p)
		}
	}
	b, sums := s.b[:(depth+2)/3], s.sums(rows)
	threes(s.top, s.sumRow, sums)
	Load(Param("b").Base(), b[0])
	threes(b[0], s.bRow, b)
	if depth > 1 {
		for i := range b {
			LEAQ(Mem{Base: b[i], Index: s.bRow, Scale: uint8(depth)}, s.ahead[i])
		}
	}
	free := t.reg[depth*rows:]
	Load(Param("cols"), s.n)
	SHRQ(U8(t.vectorShift()+1), s.n)
	JZ(LabelRef(name + "vector"))
	t.streamLoop(s, name+"pairs", rows, depth, 2, t.vector(), factor, free, vectorOps(t))
	Label(name + "vector")
	Load(Param("cols"), s.n)
	SHRQ(U8(t.vectorShift()), s.n)
	ANDQ(U8(1), s.n)
	JZ(LabelRef(name + "tail"))
	t.streamLoop(s, name+"whole", rows, depth, 1, t.vector(), factor, free, vectorOps(t))
	Label(name + "tail")
	Load(Param("cols"), s.n)
	ANDQ(U8(t.lanes()-1), s.n)
	JZ(LabelRef(name + "end"))
	t.streamLoop(s, name+"single", rows, depth, 1, t.size, factor, free, scalarOps(t))
	Label(name + "end")
	Load(Param("aRow"), s.aRow)
	Load(Param("aCol"), s.aCol)
	for range rows {
		ADDQ(s.aRow, s.tileA)
		ADDQ(s.sumRow, s.top)
	}
}

// sums returns the registers of the sums of a tile.
func (s streamRegs) sums(rows int) []reg.Register {
	return []reg.Register{s.sum, s.b[2]}[:(rows+2)/3] // a tile of more than three rows reads too few rows of B to need b[2]
}

// threes sets registers to every third row from start on.
func threes(start, row reg.Register, to []reg.Register) {
	if start != to[0] {
		MOVQ(start, to[0])
	}
	for i, p := range to[1:] {
		LEAQ(Mem{Base: to[i], Index: row, Scale: 2}, p)
		ADDQ(row, p)
	}
}

// vectorShift returns the binary logarithm of the lanes.
func (t *target) vectorShift() int {
	if t.wide {
		return 6 - t.shift()
	}
	return 5 - t.shift()
}

// streamOps are the instructions for whole vectors or for single elements.
type streamOps struct {
	load, store func(from, to Op)
	fma         func(x, y, sum Op)
	add         func(x, sum Op)
	view        func(reg.VecPhysical) Op
}

func vectorOps(t *target) streamOps {
	move := func(from, to Op) { VMOVUPS(from, to) }
	add := func(x, sum Op) { VADDPS(x, sum, sum) }
	if t.size == 8 {
		add = func(x, sum Op) { VADDPD(x, sum, sum) }
	}
	return streamOps{move, move, t.fma, add, func(v reg.VecPhysical) Op { return v }}
}

func scalarOps(t *target) streamOps {
	view := func(v reg.VecPhysical) Op { return v.AsX() }
	if t.size == 4 {
		move := func(from, to Op) { VMOVSS(from, to) }
		return streamOps{move, move, func(x, y, sum Op) { VFMADD231SS(x, y, sum) }, func(x, sum Op) { VADDSS(x, sum, sum) }, view}
	}
	move := func(from, to Op) { VMOVSD(from, to) }
	return streamOps{move, move, func(x, y, sum Op) { VFMADD231SD(x, y, sum) }, func(x, sum Op) { VADDSD(x, sum, sum) }, view}
}

// streamLoop generates the loop over n groups of columns, or of vectors of columns, which have the given size in bytes. Larger groups need fewer
// instructions for addresses.
func (t *target) streamLoop(s streamRegs, name string, rows, depth, group, size int, factor func(q, i int) reg.VecPhysical, free []reg.VecPhysical, o streamOps) {
	Label(name)
	for g := range group {
		t.streamColumns(s, rows, depth, g*size, size > t.size && depth > 1 && g*size%64 == 0, factor, free, o)
	}
	moving := append(slices.Clone(s.b[:(depth+2)/3]), s.sums(rows)...)
	if size > t.size && depth > 1 {
		moving = append(moving, s.ahead[:(depth+2)/3]...)
	}
	for _, p := range moving {
		ADDQ(I32(group*size), p)
	}
	DECQ(s.n)
	JNZ(LabelRef(name))
}

// streamColumns generates the work on a column, or a vector of columns, at a distance in bytes. It may prefetch the next group of rows.
func (t *target) streamColumns(s streamRegs, rows, depth, disp int, prefetch bool, factor func(q, i int) reg.VecPhysical, free []reg.VecPhysical, o streamOps) {
	sums, b, places := free[:rows], free[rows], s.sums(rows)
	place := func(p []reg.Register, row reg.Register, i int) Mem {
		m := streamMem(p, row, i)
		m.Disp = disp
		return m
	}
	for i, v := range sums {
		o.load(place(places, s.sumRow, i), o.view(v))
	}
	for q := range depth {
		m := place(s.b[:], s.bRow, q)
		if prefetch {
			PREFETCHT1(place(s.ahead[:], s.bRow, q))
		}
		if rows == 1 {
			o.fma(m, o.view(factor(q, 0)), o.view(sums[0]))
			continue
		}
		o.load(m, o.view(b))
		for i, v := range sums {
			o.fma(o.view(b), o.view(factor(q, i)), o.view(v))
		}
	}
	for i, v := range sums {
		o.store(o.view(v), place(places, s.sumRow, i))
	}
}

// streamMem is the place of row i, where registers point to every third row.
func streamMem(p []reg.Register, row reg.Register, i int) Mem {
	m := Mem{Base: p[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = row, uint8(i%3)
	}
	return m
}
