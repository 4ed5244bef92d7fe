package opstest

import (
	"math"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// checkNaN puts one NaN into an input. It must appear in the output, unless the element has no effect, or give an error that names it, as
// losses do for a label. In an op that treats rows separately it must stay in its row.
func checkNaN(k *kit) *fault {
	shapes := k.c.shapes()
	for _, dtype := range dtypes {
		for i := range shapes {
			e := k.jacobian.inputs[i]
			for n, at := range e.elems {
				if len(e.elems) > 40 && n%(len(e.elems)/20) != 0 {
					continue
				}
				if !k.unary() && !slices.Contains(e.touched[n], true) {
					continue
				}
				values := k.c.values(shapes, 0)
				values[i][at] = math.NaN()
				if f := k.nanAt(dtype, values, i, at, e.touched[n]); f != nil {
					return f
				}
			}
		}
	}
	return nil
}

// nanAt runs the op with a NaN in one place.
func (k *kit) nanAt(dtype tensor.Dtype, values [][]float64, i, e int, touched []bool) *fault {
	in := k.c.Inputs[i].Shape
	out, f := k.forward(dtype, k.c.shapes(), values)
	switch {
	case f != nil && strings.Contains(f.line, "panics"):
		return f.when("for NaN in %s of input %d", at(in, e), i)
	case f != nil && !strings.Contains(f.line, "NaN"):
		return f.when("for NaN in %s of input %d: the error does not name it", at(in, e), i)
	case f != nil:
		return nil
	case !slices.ContainsFunc(out, math.IsNaN):
		got := out[min(e, len(out)-1)]
		if o := slices.Index(touched, true); o >= 0 {
			got = out[o]
		}
		return faultf("NaN is swallowed: NaN in %s of input %d gives %s (%s): a comparison that is false for NaN?", at(in, e), i, num(got), fieldOf(dtype))
	}
	if apart, _ := k.rowsApart(); !apart || !k.c.batched(i) {
		return nil
	}
	rows := k.c.batch()
	row, cols := e/(elements(in)/rows), len(out)/rows
	for o, v := range out {
		if math.IsNaN(v) && o/cols != row {
			return faultf("NaN spreads: NaN in row %d of input %d gives NaN in row %d of the output (%s)", row, i, o/cols, fieldOf(dtype))
		}
	}
	return nil
}

// checkGradientNaN puts one NaN into the upstream gradient. It must appear in the gradient of each input that its output element depends on.
func checkGradientNaN(k *kit) *fault {
	j := k.jacobian
	for _, dtype := range dtypes {
		for _, o := range sample(len(j.out), 12) {
			u := upstream(len(j.out))
			u[o] = math.NaN()
			_, grads, f := k.both(dtype, k.c.shapes(), j.values, u)
			if f != nil {
				return f.when("for NaN in the upstream gradient")
			}
			for i, g := range grads {
				for n, e := range j.inputs[i].elems {
					if g != nil && math.Abs(j.inputs[i].slope[n][o]) > 1e-3 && !math.IsNaN(g[e]) {
						return faultf("the gradient of input %d swallows NaN: NaN in %s of the upstream gradient gives %s in %s (%s)",
							i, at(j.shape, o), num(g[e]), at(k.c.Inputs[i].Shape, e), fieldOf(dtype))
					}
				}
			}
		}
	}
	return nil
}
