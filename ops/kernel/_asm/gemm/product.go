package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unrolled is the number of steps along k in one round of the loops for whole rows. Every instruction beside the multiply-adds, such as adding to a
// pointer, may take the place of one of them on processors that share ports between the two, so these loops have few.
const unrolled = 4

// fewRows is the number of rows up to which a tile fetches a line for each vector of B: it may be the only one that reads its panel.
const fewRows = 6

// product is a tile's loop over k.
type product struct {
	*target
	name             string
	row, free        []reg.VecPhysical // a row of B, and what is left for elements of A
	sums             []reg.VecPhysical // by row of the tile
	masks            []*mask
	rows, vectors    int
	k, b, bRow       reg.Register
	aRow, aCol       reg.Register
	a                []reg.Register // every third row of A
	aheadRow, triple reg.Register   // triple is free, for three times bRow
}

// product generates the loop over k, with two faster ones for whole rows whose elements of A are neighbours along k or down the tile.
func (t *target) product(name string, rows, vectors int, row []reg.VecPhysical, masks []*mask) {
	p := product{target: t, name: name, row: row, sums: t.reg[:rows*vectors], free: t.reg[(rows+1)*vectors:], masks: masks, rows: rows, vectors: vectors,
		k: reg.RAX, b: reg.RBX, bRow: reg.RSI, aRow: reg.RDI, aCol: reg.RCX, aheadRow: reg.RDX, triple: reg.R15,
		a: []reg.Register{reg.R8, reg.R9, reg.R10, reg.R11}}
	Load(Param("b").Base(), p.b)
	Load(Param("bRow"), p.bRow)
	Load(Param("aRow"), p.aRow)
	Load(Param("aCol"), p.aCol)
	Load(Param("a").Base(), p.a[0])
	Load(Param("aheadRow"), p.aheadRow)
	if masks == nil {
		LEAQ(Mem{Base: p.bRow, Index: p.bRow, Scale: 2}, p.triple)
		SUBQ(U8(unrolled), p.k)
		JL(LabelRef(name + "few"))
		CMPQ(p.aRow, U8(t.size))
		JEQ(LabelRef(name + "neighbours"))
		p.thirds()
		CMPQ(p.aCol, U8(t.size))
		JNE(LabelRef(name + "apart"))
		p.along()
		Label(name + "neighbours")
		p.down()
		Label(name + "few")
		p.thirds()
		Label(name + "apart")
		ADDQ(U8(unrolled), p.k)
	} else {
		p.thirds()
	}
	TESTQ(p.k, p.k)
	JZ(LabelRef(name + "sum"))
	p.general()
	Label(name + "sum")
}

// thirds sets the pointers to every third row of A.
func (p *product) thirds() {
	p.a = p.a[:(p.rows+2)/3]
	for i := 1; i < len(p.a); i++ {
		LEAQ(Mem{Base: p.a[i-1], Index: p.aRow, Scale: 2}, p.a[i])
		ADDQ(p.aRow, p.a[i])
	}
}

// step generates the multiply-adds for one k, with a row of B and the elements of A.
func (p *product) step(b Mem, a func(i int) Mem) {
	for v, r := range p.row {
		m := b
		m.Disp = v * p.vector()
		p.load(m, at(p.masks, v), r)
	}
	for i := range p.rows {
		x := p.free[i%len(p.free)]
		p.broadcast(a(i), x)
		for v, r := range p.row {
			p.fma(r, x, p.sums[i*p.vectors+v])
		}
	}
}

// element is the place of the element of row i.
func (p *product) element(i int) Mem {
	m := Mem{Base: p.a[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = p.aRow, uint8(i%3)
	}
	return m
}

// general generates the loop for all strides and masks.
func (p *product) general() {
	Label(p.name + "k")
	p.step(Mem{Base: p.b}, p.element)
	p.fetch(p.name+"ahead", 1)
	ADDQ(p.bRow, p.b)
	for _, a := range p.a {
		ADDQ(p.aCol, a)
	}
	DECQ(p.k)
	JNZ(LabelRef(p.name + "k"))
}

// along generates the loop for elements of A that are neighbours along k. It goes on with the few steps that are left.
func (p *product) along() {
	Label(p.name + "along")
	for q, b := range ladder(p.b, p.bRow, p.triple) {
		p.step(b, func(i int) Mem {
			m := p.element(i)
			m.Disp = q * p.size
			return m
		})
		if q%2 == 1 || p.rows <= fewRows {
			p.fetch(fmt.Sprint(p.name, "alongAhead", q), 2)
		}
	}
	for _, a := range p.a {
		ADDQ(U8(unrolled*p.size), a)
	}
	p.round("along")
	JMP(LabelRef(p.name + "apart"))
}

// down generates the loop for elements of A that are neighbours down the tile, before the pointers to every third row are set.
func (p *product) down() {
	a, triple := p.a[0], p.aRow // whose value is known
	LEAQ(Mem{Base: p.aCol, Index: p.aCol, Scale: 2}, triple)
	Label(p.name + "down")
	of := ladder(a, p.aCol, triple)
	for q, b := range ladder(p.b, p.bRow, p.triple) {
		p.step(b, func(i int) Mem {
			m := of[q]
			m.Disp = i * p.size
			return m
		})
		if q%2 == 1 {
			p.fetch(fmt.Sprint(p.name, "downAhead", q), 2)
		}
	}
	LEAQ(Mem{Base: a, Index: p.aCol, Scale: unrolled}, a)
	p.round("down")
	MOVQ(U32(p.size), p.aRow)
}

// round generates the end of a loop.
func (p *product) round(name string) {
	LEAQ(Mem{Base: p.b, Index: p.bRow, Scale: unrolled}, p.b)
	SUBQ(U8(unrolled), p.k)
	JGE(LabelRef(p.name + name))
}

// ladder returns the places of rows that follow each other, given the distance and three times the distance.
func ladder(start, row, triple reg.Register) []Mem {
	return []Mem{{Base: start}, {Base: start, Index: row, Scale: 1}, {Base: start, Index: row, Scale: 2}, {Base: start, Index: triple, Scale: 1}}
}

// fetch requests the next cache lines of the panel ahead.
func (p *product) fetch(same string, lines int) {
	for i := range lines {
		PREFETCHT1(Mem{Base: ahead, Index: aheadCol, Scale: uint8(p.size), Disp: 64 * i})
	}
	ADDQ(U8(lines*64/p.size), aheadCol)
	CMPQ(aheadCol, address("aheadCols"))
	JL(LabelRef(same))
	XORQ(aheadCol, aheadCol)
	ADDQ(p.aheadRow, ahead)
	Label(same)
}
