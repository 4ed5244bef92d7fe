package opstest

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"
)

// checkOtherGradients compares the gradients for other shapes with central differences, and those of large batches with those of the case.
func checkOtherGradients(k *kit) *fault {
	for _, shapes := range k.otherShapes() {
		if f := k.gradientsOn(shapes); f != nil {
			return f.when("on shapes %v", shapes)
		}
	}
	if apart, _ := k.rowsApart(); !apart || k.c.Random {
		return nil
	}
	for _, dtype := range dtypes {
		if f := k.tiledGradients(dtype); f != nil {
			return f
		}
	}
	return nil
}

// otherShapes are those of other batches, and those in which a dimension has another size in all inputs. Build refuses those that make no
// sense.
func (k *kit) otherShapes() (all [][]tensor.Shape) {
	if k.c.batch() > 0 {
		for _, rows := range []int{1, 2, 17} {
			all = append(all, k.c.ofRows(rows))
		}
	}
	var sizes []int
	for _, s := range k.c.shapes() {
		for _, d := range s {
			if !slices.Contains(sizes, d) {
				sizes = append(sizes, d)
			}
		}
	}
	for _, d := range sizes {
		for _, to := range []int{1, 19} {
			var shapes []tensor.Shape
			fits := true
			for _, s := range k.c.shapes() {
				s = s.Clone()
				for i := range s {
					if s[i] == d {
						s[i] = to
					}
				}
				_, ok := size(s, maxElements)
				fits = fits && ok
				shapes = append(shapes, s)
			}
			if fits && fmt.Sprint(shapes) != fmt.Sprint(k.c.shapes()) {
				all = append(all, shapes)
			}
		}
	}
	return all
}

// gradientsOn compares the gradients for the given shapes with differences, for some of the elements.
func (k *kit) gradientsOn(shapes []tensor.Shape) *fault {
	p, f := k.build(tensor.Float64, shapes)
	if f != nil {
		if f.refused {
			return nil
		}
		return f
	}
	if elements(p.out.Shape()) > maxElements {
		return nil
	}
	j, f := k.differences(shapes, k.c.values(shapes, 3), 16)
	if f != nil {
		if f.refused {
			return nil
		}
		return f
	}
	for _, v := range j.out {
		if !finite(v) {
			return nil // such as the statistics of one row
		}
	}
	u := upstream(len(j.out))
	_, got, f := k.both(tensor.Float64, shapes, j.values, u)
	if f != nil {
		return f
	}
	return k.againstDifferences(j, shapes, got, u)
}

// tiledGradients compares the gradients of a batch that repeats the rows of the case. Those of the batch inputs repeat, and those of
// shared inputs grow with the number of rows.
func (k *kit) tiledGradients(dtype tensor.Dtype) *fault {
	shapes := k.large()
	copies := shapes[k.firstBatched()][0] / k.c.batch()
	u := upstream(len(k.jacobian.out))
	_, base, f := k.both(dtype, k.c.shapes(), k.tile(k.c.shapes()), u)
	if f != nil {
		return f
	}
	_, got, f := k.both(dtype, shapes, k.tile(shapes), spread(u, copies*len(u)))
	if f != nil {
		if f.refused {
			return nil
		}
		return f.when("on shapes %v", shapes)
	}
	for i, g := range got {
		want := base[i]
		if g == nil {
			continue
		}
		if k.c.batched(i) {
			want = spread(want, len(g))
		} else {
			want = slices.Clone(want)
			for e := range want {
				want[e] *= float64(copies)
			}
		}
		tolerance := 1e-9
		if dtype == tensor.Float32 {
			tolerance = 1e-3
		}
		scale := max(1, largest(want))
		for e := range g {
			if !near(g[e]/scale, want[e]/scale, tolerance) {
				a, b := nums(g[e], want[e])
				return faultf("the gradient of input %d is wrong on shapes %v: %s is %s, want %s as for the same rows in shapes %v (%s)",
					i, shapes, at(shapes[i], e), a, b, k.c.shapes(), fieldOf(dtype))
			}
		}
	}
	return nil
}

func (k *kit) firstBatched() int {
	for i := range k.c.Inputs {
		if k.c.batched(i) {
			return i
		}
	}
	return 0
}
