package opstest

import (
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// checkExtremes puts large values into each differentiable input in turn. The output must be finite.
func checkExtremes(k *kit) *fault { return k.extremes(false) }

// checkGradientExtremes does so with the gradients.
func checkGradientExtremes(k *kit) *fault { return k.extremes(true) }

// magnitudes are those up to Extreme, among them the limits of exp and of squares in float32 and float64.
func (k *kit) magnitudes() []float64 {
	all := []float64{1, 3, 10, 20, 45, 80, 89, 100, 200, 400, 700, 710, 750, 1000, 3000, 1e4, 1e5, 1e6, 1e8, 1e10}
	all = slices.DeleteFunc(all, func(m float64) bool { return m >= k.c.Extreme || k.slow })
	return append(all, k.c.Extreme)
}

func (k *kit) extremes(backward bool) *fault {
	shapes := k.c.shapes()
	for _, dtype := range dtypes {
		for i, in := range k.c.Inputs {
			if in.Constant {
				continue
			}
			for _, m := range k.magnitudes() {
				for pattern, name := range []string{"+-", "", "-"} {
					values := k.c.values(shapes, 0)
					for e := range values[i] {
						values[i][e] = m * []float64{float64(1 - 2*(e%2)), 1, -1}[pattern]
					}
					f := k.extreme(dtype, values, i, backward)
					if f != nil && k.unary() && !strings.Contains(f.line, "panics") {
						return f.when("(%s)", fieldOf(dtype))
					}
					if f != nil {
						return f.when("for input %d = %s%s (%s)", i, name, num(m), fieldOf(dtype))
					}
				}
			}
		}
	}
	return nil
}

// extreme runs the op on extreme values of input i.
func (k *kit) extreme(dtype tensor.Dtype, values [][]float64, i int, backward bool) *fault {
	p, f := k.program(dtype, k.c.shapes(), backward)
	if f != nil {
		return f
	}
	p.bind(values)
	if f = p.run(); f == nil && backward {
		f = p.back()
	}
	if f != nil {
		return f
	}
	if f := k.overflow("the output", p.output(), p.out.Shape(), values[i], dtype); f != nil || !backward {
		return f
	}
	for n, g := range p.gradients() {
		if g == nil {
			continue
		}
		if f := k.overflow("the gradient of input "+num(float64(n)), g, p.shapes[n], values[i], dtype); f != nil {
			return f
		}
	}
	return nil
}

// overflow reports an element that is not finite. float64 is checked before float32, so a fault of float32 is its own.
func (k *kit) overflow(what string, x []float64, shape tensor.Shape, in []float64, dtype tensor.Dtype) *fault {
	e := slices.IndexFunc(x, func(v float64) bool { return !finite(v) })
	if e < 0 {
		return nil
	}
	kind := "overflows"
	if x[e] != x[e] {
		kind = "is NaN (an overflow on the way?)"
	}
	if dtype == tensor.Float32 {
		kind += " in float32 only"
	}
	if k.unary() {
		return faultf("%s %s at x = %s: it is %s", what, kind, num(in[e]), num(x[e]))
	}
	return faultf("%s %s: %s is %s", what, kind, at(shape, e), num(x[e]))
}
