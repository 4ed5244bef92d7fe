package opstest

import (
	"math"

	"gorgonia.org/tensor"
)

// checkGradient compares the gradients with central differences of the float64 op.
func checkGradient(k *kit) *fault {
	j := k.jacobian
	u := upstream(len(j.out))
	_, got, f := k.both(tensor.Float64, k.c.shapes(), j.values, u)
	if f != nil {
		return f
	}
	return k.againstDifferences(j, k.c.shapes(), got, u)
}

// againstDifferences compares gradients with those of a jacobian.
func (k *kit) againstDifferences(j *jacobian, shapes []tensor.Shape, got [][]float64, u []float64) *fault {
	want, doubt := make([][]float64, len(got)), make([][]float64, len(got))
	scale := 0.0
	for i := range got {
		if got[i] != nil {
			want[i], doubt[i] = j.gradient(i, u)
			scale = math.Max(scale, largest(want[i]))
		}
	}
	noise := 1e-11 * largest(j.out)
	return k.compareGradients(comparison{j: j, u: u, got: got, want: want, values: j.values, shapes: shapes, tolerance: func(i, e int) float64 {
		return 1e-6*math.Max(largest(want[i]), 1e-3*scale) + 2*doubt[i][e] + noise + 1e-10
	}})
}

// comparison holds gradients and what they should be, nil for constant inputs.
type comparison struct {
	suffix    string
	got, want [][]float64
	values    [][]float64
	shapes    []tensor.Shape
	tolerance func(i, e int) float64
	j         *jacobian // of differences, if there is one
	u         []float64
}

// compareGradients reports the first gradient that is wrong.
func (k *kit) compareGradients(c comparison) *fault {
	judgements := make([]*judgement, len(c.got))
	for i, g := range c.got {
		if g == nil {
			continue
		}
		j := &judgement{what: "the gradient of input " + num(float64(i)) + c.suffix, got: g, want: c.want[i], x: c.values[i], others: c.values, shape: c.shapes[i]}
		for e := range g {
			j.tolerance = append(j.tolerance, c.tolerance(i, e))
		}
		judgements[i] = j
	}
	for i, j := range judgements {
		if j == nil {
			continue
		}
		_, worst := j.wrong()
		if worst < 0 {
			continue
		}
		if c.j != nil {
			if f := k.atKink(c, i, worst); f != nil {
				return f
			}
		}
		if f := mixedUp(judgements, i, c); f != nil {
			return f
		}
		return j.fault()
	}
	return nil
}

// atKink reports an element that is at a kink, where no gradient is right.
func (k *kit) atKink(c comparison, i, e int) *fault {
	values := cloneAll(c.values)
	jumps, f := k.jumps(c.shapes, values, i, e)
	if f != nil || !jumps || k.c.Random {
		return f
	}
	return faultf("the slope jumps at %s of input %d, which is %s; list it in Case.Kinks, or give other Values", at(c.shapes[i], e), i, num(c.values[i][e]))
}

// mixedUp recognizes a gradient that is that of another input, transposed, missing, or a part of the sum.
func mixedUp(all []*judgement, i int, c comparison) *fault {
	j := all[i]
	for n, other := range all {
		if other == nil || n == i || len(other.got) != len(j.got) || !j.like(other.want) {
			continue
		}
		if other.like(j.want) {
			return faultf("the gradients of inputs %d and %d are swapped%s", min(i, n), max(i, n), c.suffix).when("%s", j.example())
		}
		return faultf("the gradient of input %d%s is that of input %d", i, c.suffix, n).when("%s", j.example())
	}
	if largest(j.got) == 0 {
		return faultf("the gradient of input %d%s is 0 everywhere, but the output depends on it: forgotten?", i, c.suffix).when("%s", j.example())
	}
	if j.shape.Dims() == 2 && j.shape[0] > 1 && j.shape[1] > 1 {
		for _, cols := range []int{j.shape[0], j.shape[1]} {
			if j.like(transposed(j.want, cols)) {
				return faultf("the gradient of input %d%s is transposed", i, c.suffix).when("%s", j.example())
			}
		}
	}
	if c.u != nil && len(c.u) == len(j.got) && j.like(c.u) {
		return faultf("the gradient of input %d%s is the upstream gradient itself: PassUpstream, or no slope?", i, c.suffix).when("%s", j.example())
	}
	if c.j != nil {
		return partial(j, i, c)
	}
	return nil
}

// partial recognizes a gradient that adds up some rows of the output only.
func partial(j *judgement, i int, c comparison) *fault {
	shape := c.j.shape
	if shape.Dims() == 0 || shape[0] < 2 {
		return nil
	}
	rows, cols := shape[0], len(c.u)/shape[0]
	for r := range rows {
		only := make([]float64, len(c.u))
		copy(only[r*cols:(r+1)*cols], c.u[r*cols:(r+1)*cols])
		want, _ := c.j.gradient(i, only)
		if j.like(want) {
			return faultf("the gradient of input %d is that of row %d of the output alone: is it summed over the rows?", i, r).when("%s", j.example())
		}
	}
	return nil
}
