package opstest

import (
	"fmt"
	"time"

	"gorgonia.org/tensor"
)

// checkBatches runs batches of 1, 2 and 3 rows. If the rows of the output depend on the same rows of the inputs only, they must equal those
// of the whole batch. A batch that Build refuses with an error is not checked: a batch norm needs two rows, a reshape all of them.
func checkBatches(k *kit) *fault {
	rows := k.c.batch()
	if rows < 2 {
		return nil
	}
	apart, _ := k.rowsApart()
	base := k.c.values(k.c.shapes(), 0)
	for _, dtype := range dtypes {
		whole, f := k.forward(dtype, k.c.shapes(), base)
		if f != nil {
			return f
		}
		for _, span := range [][2]int{{0, 1}, {rows - 1, rows}, {0, 2}, {rows - 3, rows}} {
			lo, hi := max(0, span[0]), span[1]
			if hi-lo == rows {
				continue
			}
			shapes := k.c.ofRows(hi - lo)
			got, f := k.forward(dtype, shapes, k.rows(base, lo, hi))
			if f != nil && f.refused {
				continue
			}
			what := "on a batch of " + plural(hi-lo, "row")
			if f != nil {
				return f.when("%s", what)
			}
			p, _ := k.program(dtype, shapes, false)
			if f := isFinite(got, p.out.Shape()); f != nil {
				return f.when("%s (%s)", what, fieldOf(dtype))
			}
			if !apart || k.c.Random {
				continue
			}
			cols := len(whole) / rows
			if len(got) != (hi-lo)*cols {
				return faultf("the output of a batch of %s has shape %v, and that of %d rows %v", plural(hi-lo, "row"), p.out.Shape(), rows, k.jacobian.shape)
			}
			if f := sameRows(got, whole[lo*cols:hi*cols], p.out.Shape(), dtype); f != nil {
				return f.when("in a batch of %d rows (%s)", rows, fieldOf(dtype)).in(what)
			}
		}
	}
	return nil
}

// in inserts the circumstances of the first of two results.
func (f *fault) in(what string) *fault {
	f.line = what + ": " + f.line
	return f
}

// rows cuts rows out of the batch inputs.
func (k *kit) rows(values [][]float64, lo, hi int) [][]float64 {
	out := cloneAll(values)
	for i, x := range out {
		if k.c.batched(i) {
			cols := len(x) / k.c.Inputs[i].Shape[0]
			out[i] = x[lo*cols : hi*cols]
		}
	}
	return out
}

// sameRows compares rows with the same rows in another batch.
func sameRows(got, want []float64, shape tensor.Shape, dtype tensor.Dtype) *fault {
	tolerance := 1e-12
	if dtype == tensor.Float32 {
		tolerance = 1e-5
	}
	tolerance *= max(1, largest(want))
	bad, first := make([]bool, len(got)), -1
	for e := range got {
		if bad[e] = !near(got[e], want[e], tolerance); bad[e] && first < 0 {
			first = e
		}
	}
	if first < 0 {
		return nil
	}
	a, b := nums(got[first], want[first])
	if place := places(bad, shape); place != "" && place != at(shape, first) {
		return faultf("%s is wrong: %s is %s, but the same row gives %s", place, at(shape, first), a, b)
	}
	return faultf("%s is %s, but the same row gives %s", at(shape, first), a, b)
}

// checkSizes runs large batches, in which rows repeat, and an elementwise op on other shapes.
func checkSizes(k *kit) *fault {
	if k.c.Random {
		return nil
	}
	for _, dtype := range dtypes {
		if k.unary() {
			for _, shape := range []tensor.Shape{{}, {1}, {7}, {1, 1}, {2, 9}, {3, 67}, {2, 3, 4}, {2, 1, 3, 2}} {
				if f := k.shaped(dtype, shape); f != nil {
					return f
				}
			}
		}
		if apart, _ := k.rowsApart(); !apart {
			continue
		}
		for _, copies := range []int{2, 5, k.copies()} {
			if f := k.tiled(dtype, copies); f != nil {
				return f
			}
		}
	}
	return nil
}

// shaped compares an elementwise op on an input of another shape with its values in the shape of the case.
func (k *kit) shaped(dtype tensor.Dtype, shape tensor.Shape) *fault {
	x := k.c.values([]tensor.Shape{shape}, 2)[0]
	got, f := k.forward(dtype, []tensor.Shape{shape}, [][]float64{x})
	if f != nil {
		if f.refused {
			return nil
		}
		return f.when("on shape %v", shape)
	}
	want, f := k.curve(dtype, x)
	if f != nil {
		return f
	}
	if len(got) != len(want) {
		return faultf("an input of shape %v gives %s", shape, plural(len(got), "element"))
	}
	if f := sameRows(got, want, shape, dtype); f != nil {
		return f.when("in shape %v (%s)", k.c.Inputs[0].Shape, fieldOf(dtype)).in(fmt.Sprint("on shape ", shape))
	}
	return nil
}

// curve computes an elementwise op at any number of points, in the shape of the case.
func (k *kit) curve(dtype tensor.Dtype, x []float64) ([]float64, *fault) {
	n := elements(k.c.Inputs[0].Shape)
	var all []float64
	for lo := 0; lo < len(x); lo += n {
		part := append([]float64(nil), x[lo:min(lo+n, len(x))]...)
		for len(part) < n {
			part = append(part, part[0])
		}
		out, f := k.forward(dtype, k.c.shapes(), [][]float64{part})
		if f != nil {
			return nil, f
		}
		all = append(all, out[:min(n, len(x)-lo)]...)
	}
	return all, nil
}

// copies returns how often a batch must be repeated for an op to use several threads, or as often as time allows.
func (k *kit) copies() int {
	const enough, most = 40000, 200 * time.Millisecond
	start := time.Now()
	if _, f := k.forward(tensor.Float64, k.c.shapes(), k.jacobian.values); f != nil {
		return 2
	}
	n := enough/max(1, k.largestSize()) + 1
	return max(2, min(n, int(most/(time.Since(start)+1))))
}

// largestSize is the number of elements of the largest batch input or output.
func (k *kit) largestSize() int {
	n := len(k.jacobian.out)
	for i, x := range k.jacobian.values {
		if k.c.batched(i) {
			n = max(n, len(x))
		}
	}
	return n
}

// tiled compares a batch that repeats the rows of the case with its output repeated.
func (k *kit) tiled(dtype tensor.Dtype, copies int) *fault {
	rows := k.c.batch()
	shapes := k.c.ofRows(rows * copies)
	base := k.c.values(k.c.shapes(), 0)
	values := cloneAll(base)
	for i := range values {
		if k.c.batched(i) {
			values[i] = spread(base[i], copies*len(base[i]))
		}
	}
	got, f := k.forward(dtype, shapes, values)
	if f != nil {
		if f.refused {
			return nil
		}
		return f.when("on a batch of %d rows", rows*copies)
	}
	small, f := k.forward(dtype, k.c.shapes(), base)
	if f != nil {
		return f
	}
	p, _ := k.program(dtype, shapes, false)
	if len(got) != copies*len(small) {
		return faultf("the output of a batch of %d rows has shape %v, and that of %d rows %v", rows*copies, p.out.Shape(), rows, k.jacobian.shape)
	}
	if f := sameRows(got, spread(small, len(got)), p.out.Shape(), dtype); f != nil {
		return f.when("in a batch of %d rows (%s)", rows, fieldOf(dtype)).in("on a batch of " + plural(rows*copies, "row"))
	}
	return nil
}
