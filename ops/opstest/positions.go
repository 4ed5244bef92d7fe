package opstest

import (
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"
)

// checkPositions checks that the place of a row, or of an element of an elementwise op, does not matter.
func checkPositions(k *kit) *fault {
	if k.c.Random {
		return nil // noise belongs to the position
	}
	for _, dtype := range dtypes {
		if k.unary() {
			if f := k.equalElements(dtype, k.c.shapes()); f != nil {
				return f
			}
		}
		checks := []func(tensor.Dtype) *fault{k.equalRows, k.permutedRows}
		if apart, _ := k.rowsApart(); !apart {
			slices.Reverse(checks) // which rows depend on which tells more than that one is odd
		}
		for _, check := range checks {
			if f := check(dtype); f != nil {
				return f
			}
		}
	}
	return nil
}

// equalElements gives an elementwise op the same number in all places.
func (k *kit) equalElements(dtype tensor.Dtype, shapes []tensor.Shape) *fault {
	for _, x := range []float64{0.375, -0.75, 1.875} {
		x = k.c.away(x)
		n := elements(shapes[0])
		out, f := k.forward(dtype, shapes, [][]float64{spread([]float64{x}, n)})
		if f != nil {
			return f
		}
		if f := odd(out, 1, shapes[0], dtype); f != nil {
			return f.when("(all inputs are %s)", num(x))
		}
	}
	return nil
}

// equalRows gives the op a batch of equal rows, which must give equal rows.
func (k *kit) equalRows(dtype tensor.Dtype) *fault {
	shapes := k.c.shapes()
	rows := k.c.batch()
	if rows < 2 || k.jacobian.shape.Dims() == 0 || k.jacobian.shape[0] != rows {
		return nil
	}
	base := k.c.values(k.c.shapes(), 0)
	for r := range min(rows, 8) {
		values := make([][]float64, len(base))
		for i, x := range base {
			values[i] = x
			if k.c.batched(i) {
				cols := len(x) / rows
				values[i] = spread(x[r*cols:(r+1)*cols], elements(shapes[i]))
			}
		}
		p, f := k.program(dtype, shapes, false)
		if f != nil {
			return f
		}
		out, f := k.forward(dtype, shapes, values)
		if f != nil {
			return f
		}
		if f := odd(out, len(out)/p.out.Shape()[0], p.out.Shape(), dtype); f != nil {
			return f.when("(all rows of the batch are equal)")
		}
	}
	return nil
}

// odd reports the places in which an output of equal groups of columns differs from the others.
func odd(out []float64, cols int, shape tensor.Shape, dtype tensor.Dtype) *fault {
	tolerance := 1e-12
	if dtype == tensor.Float32 {
		tolerance = 1e-5
	}
	usual := make([]float64, cols)
	for c := range usual {
		var all []float64
		for e := c; e < len(out); e += cols {
			all = append(all, out[e])
		}
		usual[c] = median(all)
		if slices.ContainsFunc(all, func(v float64) bool { return v != v }) { // NaN sorts first
			usual[c] = slices.Max(slices.DeleteFunc(all, func(v float64) bool { return v != v }))
		}
	}
	bad, first := make([]bool, len(out)), -1
	for e, v := range out {
		if bad[e] = !near(v, usual[e%cols], tolerance); bad[e] && first < 0 {
			first = e
		}
	}
	if first < 0 {
		return nil
	}
	a, b := nums(out[first], usual[first%cols])
	place := places(bad, shape)
	if place == "" || place == at(shape, first) {
		return faultf("%s is wrong in %s of the output: it is %s, and %s in the other places for the same input", fieldOf(dtype), at(shape, first), a, b)
	}
	return faultf("%s is wrong in %s of the output: %s is %s, and %s in the other places for the same input", fieldOf(dtype), place, at(shape, first), a, b)
}

// permutedRows changes the order of the rows, which must change the order of the rows of the output, and the value of a loss not at all.
func (k *kit) permutedRows(dtype tensor.Dtype) *fault {
	rows, shape := k.c.batch(), k.jacobian.shape
	if rows < 2 || shape.Dims() > 0 && shape[0] != rows {
		return nil
	}
	shapes := k.c.shapes()
	base := k.c.values(shapes, 0)
	straight, f := k.forward(dtype, shapes, base)
	if f != nil {
		return f
	}
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 4 {
		order := r.Perm(rows)
		for i := range order {
			switch n {
			case 0:
				order[i] = rows - 1 - i
			case 1:
				order[i] = (i + 1) % rows
			}
		}
		values := cloneAll(base)
		for i := range values {
			if k.c.batched(i) {
				values[i] = reordered(values[i], order)
			}
		}
		got, f := k.forward(dtype, shapes, values)
		if f != nil {
			return f
		}
		want := straight
		if shape.Dims() > 0 {
			want = reordered(straight, order)
		}
		if f := k.moved(got, want, shape, order, dtype); f != nil {
			return f
		}
	}
	return nil
}

// moved compares the output of reordered rows with the reordered output.
func (k *kit) moved(got, want []float64, shape tensor.Shape, order []int, dtype tensor.Dtype) *fault {
	tolerance := 1e-11
	if dtype == tensor.Float32 {
		tolerance = 1e-4
	}
	tolerance *= max(1, largest(want))
	for e := range got {
		if near(got[e], want[e], tolerance) {
			continue
		}
		a, b := nums(got[e], want[e])
		if shape.Dims() == 0 {
			return faultf("%s depends on the order of the rows: it is %s for the rows %v, and %s in their order: does the op leave a row out, or treat one apart?",
				fieldOf(dtype), a, order, b)
		}
		row := e / (len(got) / shape[0])
		if apart, leak := k.rowsApart(); !apart && leak != [2]int{} {
			return faultf("row %d of the output depends on row %d of the batch, but not as on the others (%s): a wrong index?", leak[0], leak[1], fieldOf(dtype))
		}
		return faultf("%s depends on the order of the rows: %s is %s, and %s when that row is row %d: is row %d or %d treated apart?",
			fieldOf(dtype), at(shape, e), a, b, order[row], row, order[row])
	}
	return nil
}

// reordered returns rows in another order: row i is what row order[i] was.
func reordered(x []float64, order []int) []float64 {
	cols := len(x) / len(order)
	out := make([]float64, 0, len(x))
	for _, r := range order {
		out = append(out, x[r*cols:(r+1)*cols]...)
	}
	return out
}
