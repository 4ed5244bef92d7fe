package main

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// neonPanel are the registers that keep their meaning from tile to tile.
type neonPanel struct {
	vectors, rest      neon.Reg // in a row of the tile; elements of the last one if it is not whole
	a, c               neon.Reg // the tile's
	line, left         neon.Reg // the cache line to fetch next, lines left in its row
	perRow, toNextRow  neon.Reg // lines of a row, bytes from its end to the next one
	aStep, bStep, cRow neon.Reg // in bytes
}

// panel generates the micro-kernel and the loop over the tiles of a panel, with one body for each number of rows and of vectors in a row.
//
// Rows of B whose length is no multiple of the lanes are read as whole vectors as long as these end inside the slice, which all but the last ones
// do. Elements beyond a row are multiplied, too, and dropped.
func (t *neonTarget) panel() {
	t.function("panel", "func(rows, tiles, short, cols, k int, "+
		"a []%[1]s, aRow, aCol int, b []%[1]s, bRow int, c []%[1]s, cRow int, bias []%[1]s, add bool, "+
		"ahead []%[1]s, aheadCols, aheadRow, aheadLines int)")
	t.Local(neonRows * vectorBytes)
	var p neonPanel
	t.wholeRows(&p)
	t.fetching(&p)
	p.aStep, p.bStep, p.cRow = t.stride("aCol"), t.stride("bRow"), t.stride("cRow")
	aRow := t.stride("aRow")
	t.StoreArg(aRow, t.Param("aRow")) // bytes from here on
	p.a, p.c = t.LoadArg(t.Base("a")), t.LoadArg(t.Base("c"))

	t.Label("tile")
	rows := t.LoadArg(t.Param("rows"))
	for v := neonVectors; v >= 1; v-- {
		if v > 1 {
			t.CompareConst(p.vectors, v)
			t.Branch("LT", fmt.Sprint("narrower", v))
		}
		for r := neonRows; r > 1; r-- {
			t.CompareConst(rows, r)
			t.Branch("EQ", neonLabel(r, v))
		}
		t.Branch("", neonLabel(1, v))
		if v > 1 {
			t.Label(fmt.Sprint("narrower", v))
		}
	}
	for v := neonVectors; v >= 1; v-- {
		for r := neonRows; r >= 1; r-- {
			t.Label(neonLabel(r, v))
			t.tile(&p, r, v)
		}
	}
	t.edge(&p)
	t.next(&p)
}

func neonLabel(rows, vectors int) string { return fmt.Sprintf("rows%dvectors%d", rows, vectors) }

// wholeRows computes the shape of a row, and how many rows of B may be read as whole vectors, which takes the place of the argument b_len.
func (t *neonTarget) wholeRows(p *neonPanel) {
	cols, k, row := t.LoadArg(t.Param("cols")), t.LoadArg(t.Param("k")), t.LoadArg(t.Param("bRow"))
	p.vectors, p.rest = t.GP(), t.GP()
	t.AddConst(p.vectors, cols, t.lanes()-1)
	t.Shift(p.vectors, p.vectors, t.shift()-4)
	t.AndConst(p.rest, cols, t.lanes()-1)
	t.BranchZero(true, p.rest, "whole")
	n, width := t.LoadArg(t.Len("b")), t.GP()
	t.Shift(width, p.vectors, 4-t.shift())
	t.SubRegFlags(n, n, width)
	t.Branch("LT", "none")
	t.Div(n, n, row)
	t.AddConst(n, n, 1)
	t.Compare(n, k)
	t.Select("LT", k, n, k)
	t.Branch("", "whole")
	t.Label("none")
	t.MoveConst(k, 0)
	t.Label("whole")
	t.StoreArg(k, t.Len("b"))
}

// fetching prepares the fetching of memory ahead, a cache line in each step. If there is nothing to fetch, it is the first line of B again and again.
func (t *neonTarget) fetching(p *neonPanel) {
	p.line, p.left, p.perRow, p.toNextRow = t.LoadArg(t.Base("ahead")), t.GP(), t.LoadArg(t.Param("aheadCols")), t.stride("aheadRow")
	t.AddConst(p.perRow, p.perRow, lineBytes/t.size-1)
	t.Shift(p.perRow, p.perRow, t.shift()-6)
	t.Sub(p.toNextRow, p.toNextRow, p.perRow, 6)
	t.Move(p.left, p.perRow)
	lines := t.LoadArg(t.Param("aheadLines"))
	t.CompareConst(lines, 0)
	t.Branch("GT", "fetch")
	t.fetchNothing(p)
	t.Label("fetch")
}

func (t *neonTarget) fetchNothing(p *neonPanel) {
	b := t.LoadArg(t.Base("b"))
	t.Move(p.line, b)
	t.MoveConst(p.left, 1)
	t.MoveConst(p.perRow, 1)
	t.MoveConst(p.toNextRow, -lineBytes)
}

// fetch requests the next cache line.
func (t *neonTarget) fetch(p *neonPanel) {
	same := t.NewLabel("fetched")
	t.Prefetch(p.line, 0, 2)
	t.AddConst(p.line, p.line, lineBytes)
	t.SubFlags(p.left, p.left, 1)
	t.Branch("NE", same)
	t.Add(p.line, p.line, p.toNextRow, 0)
	t.Move(p.left, p.perRow)
	t.Label(same)
}

// tile generates the tile with the given numbers of rows and of vectors in a row.
func (t *neonTarget) tile(p *neonPanel, rows, vectors int) {
	name := neonLabel(rows, vectors)
	sum := make([][]neon.Reg, rows)
	for i := range sum {
		for range vectors {
			s := t.Vec()
			t.Zero(s)
			sum[i] = append(sum[i], s)
		}
	}
	t.product(p, name, sum)
	t.finish(p, name+"inner", sum, 0, vectors-1)
	t.BranchZero(false, p.rest, name+"edge")
	t.finish(p, name+"last", sum, vectors-1, vectors)
	t.Branch("", "next")

	t.Label(name + "edge")
	local, column := t.GP(), vectorBytes*(vectors-1)
	t.LocalAddress(local)
	for i := range sum {
		t.Store(vectorBytes, sum[i][vectors-1], local, vectorBytes*i)
	}
	t.MoveConst(local, column)
	t.StoreArg(local, t.Len("c")) // for edge
	t.Branch("", "edge")
}

// finish adds bias and C to the sums of vectors lo <= v < hi of each row, and stores them.
func (t *neonTarget) finish(p *neonPanel, name string, sum [][]neon.Reg, lo, hi int) {
	if lo == hi {
		return
	}
	bias := t.LoadArg(t.Base("bias"))
	t.BranchZero(true, bias, name+"unbiased")
	for v := lo; v < hi; v++ {
		x := t.Vec()
		t.Load(vectorBytes, x, bias, v*vectorBytes)
		for i := range sum {
			t.FAdd(t.size, sum[i][v], sum[i][v], x)
		}
	}
	t.Label(name + "unbiased")
	add, c := t.LoadArg8(t.Param("add")), t.GP()
	t.BranchZero(true, add, name+"store")
	t.Move(c, p.c)
	for i := range sum {
		for v := lo; v < hi; v++ {
			x := t.Vec()
			t.Load(vectorBytes, x, c, v*vectorBytes)
			t.FAdd(t.size, sum[i][v], sum[i][v], x)
		}
		t.Add(c, c, p.cRow, 0)
	}
	t.Label(name + "store")
	t.Move(c, p.c)
	for i := range sum {
		for v := lo; v < hi; v++ {
			t.Store(vectorBytes, sum[i][v], c, v*vectorBytes)
		}
		if i < len(sum)-1 {
			t.Add(c, c, p.cRow, 0)
		}
	}
}

// edge generates finish for the elements of a last vector that is not whole, which a tile has left in local memory.
func (t *neonTarget) edge(p *neonPanel) {
	t.Label("edge")
	sums, column, rows := t.GP(), t.LoadArg(t.Len("c")), t.LoadArg(t.Param("rows"))
	t.LocalAddress(sums)
	bias, add, row := t.LoadArg(t.Base("bias")), t.LoadArg8(t.Param("add")), t.GP()
	t.Add(row, p.c, column, 0)
	biased := t.GP()
	t.Add(biased, bias, column, 0)
	t.Label("edgeRow")
	from, c, from2, n := t.GP(), t.GP(), t.GP(), t.GP()
	t.Move(from, sums)
	t.Move(c, row)
	t.Move(from2, biased)
	t.Move(n, p.rest)
	t.Label("edgeElement")
	s, x := t.Vec(), t.Vec()
	t.LoadNext(t.size, s, from)
	t.BranchZero(true, bias, "edgeUnbiased")
	t.LoadNext(t.size, x, from2)
	t.FAdd(t.size, s, s, x)
	t.Label("edgeUnbiased")
	t.BranchZero(true, add, "edgeStore")
	y := t.Vec()
	t.Load(t.size, y, c, 0)
	t.FAdd(t.size, s, s, y)
	t.Label("edgeStore")
	t.Store(t.size, s, c, 0)
	t.AddConst(c, c, t.size)
	t.SubFlags(n, n, 1)
	t.Branch("NE", "edgeElement")
	t.AddConst(sums, sums, vectorBytes)
	t.Add(row, row, p.cRow, 0)
	t.SubFlags(rows, rows, 1)
	t.Branch("NE", "edgeRow")
}

// next generates the step from one tile to the next.
func (t *neonTarget) next(p *neonPanel) {
	t.Label("next")
	tiles := t.LoadArg(t.Param("tiles"))
	t.SubFlags(tiles, tiles, 1)
	t.Branch("EQ", "done")
	t.StoreArg(tiles, t.Param("tiles"))
	rows, aRow, distance := t.LoadArg(t.Param("rows")), t.LoadArg(t.Param("aRow")), t.GP()
	t.Mul(distance, rows, aRow)
	t.Add(p.a, p.a, distance, 0)
	t.Mul(distance, rows, p.cRow)
	t.Add(p.c, p.c, distance, 0)
	short := t.LoadArg(t.Param("short"))
	t.Compare(tiles, short)
	t.Branch("NE", "tall")
	t.AddConst(rows, rows, -1)
	t.StoreArg(rows, t.Param("rows"))
	t.Label("tall")
	// A tile has fetched a line for each vector's width of steps.
	steps, lines := t.LoadArg(t.Param("k")), t.LoadArg(t.Param("aheadLines"))
	t.CompareConst(lines, 0)
	t.Branch("LE", "tile")
	t.Shift(steps, steps, t.shift()-4)
	t.SubRegFlags(lines, lines, steps)
	t.StoreArg(lines, t.Param("aheadLines"))
	t.Branch("GT", "tile")
	t.fetchNothing(p)
	t.Branch("", "tile")
	t.Label("done")
	t.Return()
}
