package opstest

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gorgonia.org/tensor"
)

// jacobian is the effect of each input element on each output element at the values of draw 0, by differences of the float64 op.
type jacobian struct {
	shape  tensor.Shape // of the output
	out    []float64
	values [][]float64
	inputs []effects
}

// effects are those of one input.
type effects struct {
	elems   []int       // the elements that were perturbed
	slope   [][]float64 // [i][k] is the slope of output k with respect to element elems[i]
	doubt   [][]float64 // how far two step sizes disagree
	touched [][]bool    // whether the output changed at all
}

// budget bounds the time of the perturbations of one input.
const budget = 3 * time.Second

// checkStructure finds the effect of each input element on each output element.
func checkStructure(k *kit) *fault {
	j, f := k.differences(k.c.shapes(), k.c.values(k.c.shapes(), 0), 512)
	if f != nil {
		return f
	}
	k.jacobian = j
	return k.stable()
}

// stable checks that the op still gives what it gave when the jacobian was found.
func (k *kit) stable() *fault {
	if k.c.Random || k.jacobian == nil {
		return nil
	}
	j := k.jacobian
	for range 10 {
		again, f := k.forward(tensor.Float64, k.c.shapes(), j.values)
		if f != nil {
			return f
		}
		if e, differ := differs(j.out, again); differ {
			a, b := nums(j.out[e], again[e])
			return faultf("a later run on the same inputs gives another result: %s is %s, then %s (Float64): does the op keep something between runs, or draw noise (Case.Random)?",
				at(j.shape, e), a, b).because("state")
		}
	}
	return nil
}

// differences perturbs at most that many elements of each input.
func (k *kit) differences(shapes []tensor.Shape, values [][]float64, most int) (*jacobian, *fault) {
	p, f := k.program(tensor.Float64, shapes, false)
	if f != nil {
		return nil, f
	}
	start := time.Now()
	j := &jacobian{shape: p.out.Shape(), values: values, inputs: make([]effects, len(values))}
	if j.out, f = k.forward(tensor.Float64, shapes, values); f != nil {
		return nil, f
	}
	took := time.Since(start)
	k.slow = k.slow || took > 10*time.Millisecond
	runs := int(budget/(took+1))/4 + 1
	most = min(most, max(8, runs), max(8, 1<<22/len(j.out)))
	for i := range values {
		e := &j.inputs[i]
		if k.c.Inputs[i].Constant {
			continue
		}
		e.elems = sample(len(values[i]), most)
		for _, at := range e.elems {
			slope, doubt, touched, f := k.perturb(shapes, values, i, at, j.out)
			if f != nil {
				return nil, f
			}
			e.slope, e.doubt, e.touched = append(e.slope, slope), append(e.doubt, doubt), append(e.touched, touched)
		}
	}
	return j, nil
}

// sample returns m of n indices in ascending order, the first and the last among them, or all.
func sample(n, m int) []int {
	r := rand.New(rand.NewPCG(3, 4))
	all := r.Perm(n)
	if n > m {
		all = append([]int{0, n - 1}, slices.DeleteFunc(all, func(k int) bool { return k == 0 || k == n-1 })[:m-2]...)
	}
	slices.Sort(all)
	return all
}

// perturb is the central difference of all outputs with respect to an element of input i, extrapolated from two step sizes.
func (k *kit) perturb(shapes []tensor.Shape, values [][]float64, i, at int, base []float64) (slope, doubt []float64, touched []bool, f *fault) {
	x := values[i][at]
	defer func() { values[i][at] = x }()
	h := 1e-3 * math.Max(1, math.Abs(x))
	var outs [4][]float64
	for s, step := range []float64{h, -h, h / 2, -h / 2} {
		values[i][at] = x + step
		if outs[s], f = k.forward(tensor.Float64, shapes, values); f != nil {
			return nil, nil, nil, f
		}
	}
	slope, doubt, touched = make([]float64, len(base)), make([]float64, len(base)), make([]bool, len(base))
	for o, y := range base {
		wide, narrow := (outs[0][o]-outs[1][o])/(2*h), (outs[2][o]-outs[3][o])/h
		slope[o], doubt[o] = (4*narrow-wide)/3, math.Abs(narrow-wide)
		for _, out := range outs {
			touched[o] = touched[o] || !equal(out[o], y)
		}
	}
	return slope, doubt, touched, nil
}

// gradient returns the gradient of input i for an upstream gradient u, NaN for elements that were not perturbed, and its uncertainty.
func (j *jacobian) gradient(i int, u []float64) (want, doubt []float64) {
	e := j.inputs[i]
	want, doubt = make([]float64, len(j.values[i])), make([]float64, len(j.values[i]))
	for k := range want {
		want[k] = math.NaN()
	}
	for n, k := range e.elems {
		want[k] = 0
		for o, w := range u {
			want[k] += w * e.slope[n][o]
			doubt[k] += math.Abs(w) * e.doubt[n][o]
		}
	}
	return want, doubt
}

// matters reports whether the output depends on input i.
func (j *jacobian) matters(i int) bool {
	for _, t := range j.inputs[i].touched {
		if slices.Contains(t, true) {
			return true
		}
	}
	return false
}

// pointwise reports whether output k depends on element k of input i alone.
func (j *jacobian) pointwise(i int) bool {
	e := j.inputs[i]
	if len(j.values[i]) != len(j.out) {
		return false
	}
	for n, k := range e.elems {
		for o, t := range e.touched[n] {
			if t && o != k {
				return false
			}
		}
	}
	return true
}

// unary reports whether the op is a function of one number, applied to each element.
func (k *kit) unary() bool {
	return len(k.c.Inputs) == 1 && !k.c.Random && k.jacobian.pointwise(0) && k.jacobian.shape.Eq(k.c.Inputs[0].Shape)
}

// rowsApart reports whether each row of the output depends on the same row of the batch inputs only. leak is a pair of rows, if there is
// one, of which the first depends on the second.
func (k *kit) rowsApart() (apart bool, leak [2]int) {
	rows, j := k.c.batch(), k.jacobian
	if rows == 0 || j.shape.Dims() == 0 || j.shape[0] != rows {
		return false, leak
	}
	cols := len(j.out) / rows
	for i, e := range j.inputs {
		if !k.c.batched(i) {
			continue
		}
		width := len(j.values[i]) / rows
		for n, at := range e.elems {
			for o, t := range e.touched[n] {
				if t && o/cols != at/width {
					return false, [2]int{o / cols, at / width}
				}
			}
		}
	}
	return true, leak
}
