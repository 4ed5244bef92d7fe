package main

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// neonProduct is a tile's product in progress.
type neonProduct struct {
	*neonPanel
	name     string       // prefix of the labels
	sum      [][]neon.Reg // by row
	a        []neon.Reg   // addresses of the elements of A, by row
	b, aRow  neon.Reg     // address of the row of B, distance of the rows of A
	whole, k neon.Reg     // steps that may read whole vectors of B, and steps after them
}

// product generates the loops over k.
func (t *neonTarget) product(panel *neonPanel, name string, sum [][]neon.Reg) {
	p := &neonProduct{neonPanel: panel, name: name, sum: sum, a: []neon.Reg{t.GP()}}
	p.b, p.aRow = t.LoadArg(t.Base("b")), t.LoadArg(t.Param("aRow"))
	p.k, p.whole = t.LoadArg(t.Param("k")), t.LoadArg(t.Len("b"))
	t.Sub(p.k, p.k, p.whole, 0)
	t.Move(p.a[0], panel.a)
	t.below(&p.a, p.aRow, len(sum))
	t.CompareConst(p.aStep, t.size)
	t.Branch("NE", name+"down")
	t.along(p)
	t.Label(name + "down")
	t.CompareConst(p.aRow, t.size)
	t.Branch("NE", name+"neither")
	t.down(p)
	t.Label(name + "neither")
	t.AddConst(p.whole, p.whole, -t.lanes())

	t.Label(name + "rest")
	t.AddConst(p.whole, p.whole, t.lanes()) // of these, fewer than lanes unless A lies in neither way
	t.Add(p.k, p.k, p.whole, 0)
	t.BranchZero(true, p.k, name+"sum")
	t.Label(name + "step")
	t.step(panel, name, sum, p.a, p.b)
	t.SubFlags(p.k, p.k, 1)
	t.Branch("NE", name+"step")
	t.Label(name + "sum")
}

// along generates the loop for an A that lies row by row: a vector holds elements of several k.
func (t *neonTarget) along(p *neonProduct) {
	t.SubFlags(p.whole, p.whole, t.lanes())
	t.Branch("LT", p.name+"rest")
	t.Label(p.name + "along")
	x := make([]neon.Reg, len(p.sum))
	for i := range x {
		x[i] = t.Vec()
		t.LoadNext(vectorBytes, x[i], p.a[i])
	}
	t.fetch(p.neonPanel)
	for q := range t.lanes() {
		t.rowOfB(p.b, p.bStep, len(p.sum[0]), func(v int, row neon.Reg) {
			for i := range p.sum {
				t.FMlaElement(t.size, p.sum[i][v], row, x[i], q)
			}
		})
	}
	t.SubFlags(p.whole, p.whole, t.lanes())
	t.Branch("GE", p.name+"along")
	t.Branch("", p.name+"rest")
}

// down generates the loop for an A that lies column by column: a vector holds elements of several rows.
func (t *neonTarget) down(p *neonProduct) {
	t.SubFlags(p.whole, p.whole, t.lanes())
	t.Branch("LT", p.name+"rest")
	t.Label(p.name + "column")
	t.fetch(p.neonPanel)
	for range t.lanes() {
		x := t.columnOfA(p.a[0], len(p.sum))
		t.Add(p.a[0], p.a[0], p.aStep, 0)
		t.rowOfB(p.b, p.bStep, len(p.sum[0]), func(v int, row neon.Reg) {
			for i := range p.sum {
				t.FMlaElement(t.size, p.sum[i][v], row, x[i/t.lanes()], i%t.lanes())
			}
		})
	}
	t.SubFlags(p.whole, p.whole, t.lanes())
	t.Branch("GE", p.name+"column")
	for i := 1; i < len(p.a); i++ {
		t.AddConst(p.a[i], p.a[0], i*t.size)
	}
	t.Branch("", p.name+"rest")
}

// below appends the addresses of the following rows.
func (t *neonTarget) below(a *[]neon.Reg, row neon.Reg, rows int) {
	for i := 1; i < rows; i++ {
		p := t.GP()
		t.Add(p, (*a)[i-1], row, 0)
		*a = append(*a, p)
	}
}

// rowOfB loads a row of B in pairs of vectors, calls use with each, and goes to the next row.
func (t *neonTarget) rowOfB(b, step neon.Reg, vectors int, use func(v int, row neon.Reg)) {
	for v := 0; v < vectors; v += 2 {
		x, y := t.Vec(), t.Vec()
		if v+1 == vectors {
			t.Load(vectorBytes, x, b, vectorBytes*v)
		} else {
			t.LoadPair(x, y, b, vectorBytes*v)
		}
		if v+2 >= vectors {
			t.Add(b, b, step, 0)
		}
		use(v, x)
		if v+1 < vectors {
			use(v+1, y)
		}
	}
}

// columnOfA loads neighbours, and nothing else, into vectors.
func (t *neonTarget) columnOfA(a neon.Reg, rows int) (x []neon.Reg) {
	for i := 0; i < rows; i += t.lanes() {
		v, n := t.Vec(), min(t.lanes(), rows-i)
		x = append(x, v)
		if n == 3 {
			at := t.GP()
			t.Load(8, v, a, i*t.size)
			t.AddConst(at, a, (i+2)*t.size)
			t.LoadLane(4, v, at, 2)
			continue
		}
		t.Load(n*t.size, v, a, i*t.size)
	}
	return x
}

// step generates the work for one k, which reads nothing beyond the row of B.
func (t *neonTarget) step(p *neonPanel, name string, sum [][]neon.Reg, a []neon.Reg, b neon.Reg) {
	x := make([]neon.Reg, len(a))
	for i := range a {
		x[i] = t.Vec()
		t.Load(t.size, x[i], a[i], 0)
		t.Add(a[i], a[i], p.aStep, 0)
	}
	last := len(sum[0]) - 1
	for v := range sum[0] {
		row := t.Vec()
		if v == last {
			t.loadRest(name+"part", row, b, v*vectorBytes, p.rest)
		} else {
			t.Load(vectorBytes, row, b, v*vectorBytes)
		}
		for i := range sum {
			t.FMlaElement(t.size, sum[i][v], row, x[i], 0)
		}
	}
	t.Add(b, b, p.bStep, 0)
}

// loadRest loads a vector of which only rest elements may be read, unless that is zero.
func (t *neonTarget) loadRest(name string, v, base neon.Reg, disp int, rest neon.Reg) {
	t.BranchZero(true, rest, name+"whole")
	for n := t.lanes() - 1; n >= 1; n-- {
		if n > 1 {
			t.CompareConst(rest, n)
			t.Branch("LT", fmt.Sprint(name, n))
		}
		t.Load(min(n, 2)*t.size, v, base, disp)
		if n == 3 {
			at := t.GP()
			t.AddConst(at, base, disp+2*t.size)
			t.LoadLane(t.size, v, at, 2)
		}
		t.Branch("", name+"loaded")
		if n > 1 {
			t.Label(fmt.Sprint(name, n))
		}
	}
	t.Label(name + "whole")
	t.Load(vectorBytes, v, base, disp)
	t.Label(name + "loaded")
}
