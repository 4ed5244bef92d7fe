package main

import "github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"

// settle generates what settle.go describes.
func (t *neonTarget) settle() {
	t.function("settle", "func(rows, cols int, sum []%[1]s, sumRow int, c []%[1]s, cRow int, bias []%[1]s, add bool)")
	s := neonSettle{
		sum: t.LoadArg(t.Base("sum")), c: t.LoadArg(t.Base("c")), bias: t.LoadArg(t.Base("bias")),
		sumRow: t.stride("sumRow"), cRow: t.stride("cRow"), cols: t.LoadArg(t.Param("cols")),
	}
	rows, add := t.LoadArg(t.Param("rows")), t.LoadArg8(t.Param("add"))
	t.Label("row")
	t.BranchZero(false, add, "add")
	t.BranchZero(false, s.bias, "bias")
	t.settleRow(&s, "copy", false, false)
	t.Label("bias")
	t.settleRow(&s, "bias", true, false)
	t.Label("add")
	t.BranchZero(false, s.bias, "both")
	t.settleRow(&s, "add", false, true)
	t.Label("both")
	t.settleRow(&s, "both", true, true)
	t.Label("next")
	t.Add(s.sum, s.sum, s.sumRow, 0)
	t.Add(s.c, s.c, s.cRow, 0)
	t.SubFlags(rows, rows, 1)
	t.Branch("NE", "row")
	t.Return()
}

// neonSettle are the beginnings of the rows and of the bias, the distances of rows in bytes, and the number of columns.
type neonSettle struct{ sum, c, bias, sumRow, cRow, cols neon.Reg }

// settleRow generates the work on a row, four vectors at a time, then one, then element by element, and a jump to the next row.
func (t *neonTarget) settleRow(s *neonSettle, name string, bias, add bool) {
	sum, c, b, n := t.GP(), t.GP(), t.GP(), t.GP()
	t.Move(sum, s.sum)
	t.Move(c, s.c)
	t.Move(b, s.bias)
	t.Move(n, s.cols)
	for _, part := range []struct {
		name           string
		vectors, bytes int
	}{{"Four", 4, vectorBytes}, {"One", 1, vectorBytes}, {"Element", 1, t.size}} {
		columns := part.vectors * part.bytes / t.size
		t.SubFlags(n, n, columns)
		t.Branch("LT", name+part.name+"End")
		t.Label(name + part.name)
		for i := range part.vectors {
			x, y, z := t.Vec(), t.Vec(), t.Vec()
			t.LoadNext(part.bytes, x, sum)
			if bias {
				t.LoadNext(part.bytes, y, b)
				t.FAdd(t.size, x, x, y)
			}
			if add {
				t.Load(part.bytes, z, c, i*part.bytes)
				t.FAdd(t.size, x, x, z)
			}
			t.Store(part.bytes, x, c, i*part.bytes)
		}
		t.AddConst(c, c, part.vectors*part.bytes)
		t.SubFlags(n, n, columns)
		t.Branch("GE", name+part.name)
		t.Label(name + part.name + "End")
		t.AddConst(n, n, columns)
	}
	t.Branch("", "next")
}
