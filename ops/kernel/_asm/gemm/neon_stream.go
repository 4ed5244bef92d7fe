package main

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// neonStreamRows is the number of rows of A for which a stream keeps its factors: 8 elements of 4 rows fill 8 vectors of float32, or 16 of
// float64, and leave room for at least 8 sums, which do not wait for each other.
const neonStreamRows = 4

// stream generates what stream.go describes.
func (t *neonTarget) stream() {
	t.function("stream", "func(rows, tiles, short, cols, k int, a []%[1]s, aRow, aCol int, b []%[1]s, bRow int, sum []%[1]s, sumRow int)")
	s := neonStream{t: t}
	s.aRow, s.aCol, s.bRow, s.sumRow = t.stride("aRow"), t.stride("aCol"), t.stride("bRow"), t.stride("sumRow")
	for _, depth := range []int{streamDepth, 1} {
		s.groups(depth)
	}
	t.Return()
}

// neonStream are the registers that keep their meaning.
type neonStream struct {
	t                        *neonTarget
	aRow, aCol, bRow, sumRow neon.Reg
	tiles, a, sum            neon.Reg // of the tile
}

// groups generates the loop over groups of depth rows of B, as long as k allows.
func (s *neonStream) groups(depth int) {
	t, name := s.t, fmt.Sprintf("depth%d", depth)
	t.Label(name)
	k := t.LoadArg(t.Param("k"))
	t.SubFlags(k, k, depth)
	t.Branch("LT", name+"end")
	t.StoreArg(k, t.Param("k"))
	s.tiles, s.a, s.sum = t.LoadArg(t.Param("tiles")), t.LoadArg(t.Base("a")), t.LoadArg(t.Base("sum"))
	t.Label(name + "tile")
	rows, short, fewer := t.LoadArg(t.Param("rows")), t.LoadArg(t.Param("short")), t.GP()
	t.AddConst(fewer, rows, -1)
	t.Compare(s.tiles, short)
	t.Select("LE", rows, fewer, rows)
	for r := neonStreamRows; r > 1; r-- {
		t.CompareConst(rows, r)
		t.Branch("EQ", fmt.Sprintf("%srows%d", name, r))
	}
	for r := 1; r <= neonStreamRows; r++ {
		t.Label(fmt.Sprintf("%srows%d", name, r))
		s.tile(fmt.Sprintf("%srows%d", name, r), r, depth)
		t.Branch("", name+"next")
	}
	t.Label(name + "next")
	t.SubFlags(s.tiles, s.tiles, 1)
	t.Branch("NE", name+"tile")
	a, b := t.LoadArg(t.Base("a")), t.LoadArg(t.Base("b"))
	for range depth {
		t.Add(a, a, s.aCol, 0)
		t.Add(b, b, s.bRow, 0)
	}
	t.StoreArg(a, t.Base("a"))
	t.StoreArg(b, t.Base("b"))
	t.Branch("", name)
	t.Label(name + "end")
}

// tile generates the work of a tile on a group of rows of B.
func (s *neonStream) tile(name string, rows, depth int) {
	t := s.t
	factor := s.factors(rows, depth)
	b := []neon.Reg{t.LoadArg(t.Base("b"))}
	t.below(&b, s.bRow, depth)
	sum := []neon.Reg{t.GP()}
	t.Move(sum[0], s.sum)
	t.below(&sum, s.sumRow, rows)
	n := t.LoadArg(t.Param("cols"))
	wide := 8 // vectors
	for rows*(depth/t.lanes()+wide)+2 > 32 {
		wide /= 2
	}
	for _, vectors := range []int{wide, 1, 0} {
		s.loop(fmt.Sprint(name, "vectors", vectors), n, vectors, depth, factor, sum, b)
	}
	t.Add(sum[0], s.a, s.aRow, 0)
	for i := 1; i < rows; i++ {
		t.Add(sum[0], sum[0], s.aRow, 0)
	}
	t.Move(s.a, sum[0])
	for range rows {
		t.Add(s.sum, s.sum, s.sumRow, 0)
	}
}

// factors loads depth elements of each row of A: that of row i and step q is in lane q%lanes of register [i][q/lanes].
func (s *neonStream) factors(rows, depth int) (factor [][]neon.Reg) {
	t := s.t
	row, at := t.GP(), t.GP()
	t.Move(row, s.a)
	for range rows {
		var f []neon.Reg
		t.Move(at, row)
		for q := range depth {
			if q%t.lanes() == 0 {
				v := t.Vec()
				t.Load(t.size, v, at, 0)
				f = append(f, v)
			} else {
				t.LoadLane(t.size, f[q/t.lanes()], at, q%t.lanes())
			}
			t.Add(at, at, s.aCol, 0)
		}
		t.Add(row, row, s.aRow, 0)
		factor = append(factor, f)
	}
	return factor
}

// loop generates the loop over so many vectors of columns at a time, or over single columns if vectors is 0. It takes them off n.
func (s *neonStream) loop(name string, n neon.Reg, vectors, depth int, factor [][]neon.Reg, sum, b []neon.Reg) {
	t := s.t
	columns, bytes, parts := vectors*t.lanes(), vectorBytes, vectors
	if vectors == 0 {
		columns, bytes, parts = 1, t.size, 1
	}
	t.SubFlags(n, n, columns)
	t.Branch("LT", name+"end")
	t.Label(name)
	x := make([][]neon.Reg, len(sum))
	for i, p := range sum {
		x[i] = t.several(parts, bytes, func(v, w neon.Reg, disp int) {
			if w != (neon.Reg{}) {
				t.LoadPair(v, w, p, disp)
			} else {
				t.Load(bytes, v, p, disp)
			}
		})
	}
	for q, p := range b {
		for v := 0; v < parts; v += 2 {
			row := []neon.Reg{t.Vec(), t.Vec()}
			if parts == 1 {
				t.LoadNext(bytes, row[0], p)
			} else {
				t.LoadPairNext(row[0], row[1], p)
			}
			for u := range min(2, parts) {
				for i := range x {
					t.FMlaElement(t.size, x[i][v+u], row[u], factor[i][q/t.lanes()], q%t.lanes())
				}
			}
		}
	}
	for i, p := range sum {
		for v := 0; v < parts; v += 2 {
			if parts == 1 {
				t.Store(bytes, x[i][0], p, 0)
			} else {
				t.StorePair(x[i][v], x[i][v+1], p, vectorBytes*v)
			}
		}
		t.AddConst(p, p, parts*bytes)
	}
	t.SubFlags(n, n, columns)
	t.Branch("GE", name)
	t.Label(name + "end")
	t.AddConst(n, n, columns)
}

// several returns n new registers; load is called for each pair of them, or for a single one.
func (t *neonTarget) several(n, bytes int, load func(v, w neon.Reg, disp int)) (x []neon.Reg) {
	for i := 0; i < n; i += 2 {
		v := t.Vec()
		if n == 1 {
			load(v, neon.Reg{}, 0)
			return []neon.Reg{v}
		}
		w := t.Vec()
		load(v, w, i*bytes)
		x = append(x, v, w)
	}
	return x
}
