package opstest

import (
	"slices"

	"gorgonia.org/tensor"
)

// checkRun runs the op on ordinary values. The output must be finite.
func checkRun(k *kit) *fault {
	for _, dtype := range dtypes {
		p, f := k.program(dtype, k.c.shapes(), false)
		if f != nil {
			return f
		}
		values := k.c.values(p.shapes, 0)
		p.bind(values)
		if f := p.run(); f != nil {
			return f
		}
		out := p.output()
		if f := isFinite(out, p.out.Shape()); f != nil {
			for _, x := range values {
				if slices.ContainsFunc(x, func(v float64) bool { return !finite(v) }) {
					return faultf("Case.Inputs holds NaN or infinite values, for which the output is not finite")
				}
			}
			return f.when("on ordinary inputs (%s)", fieldOf(dtype))
		}
	}
	return nil
}

// isFinite reports the elements of an output that are not finite, and the rows that they are confined to.
func isFinite(out []float64, shape tensor.Shape) *fault {
	bad := make([]bool, len(out))
	first := -1
	for k, v := range out {
		if bad[k] = !finite(v); bad[k] && first < 0 {
			first = k
		}
	}
	if first < 0 {
		return nil
	}
	if place := places(bad, shape); place != "" {
		return faultf("the output is %s in %s only", num(out[first]), place)
	}
	return faultf("%s of the output is %s", at(shape, first), num(out[first]))
}

// places describes marked elements that are a single element, or rows or columns as a whole. It returns "" for any other pattern.
func places(marked []bool, shape tensor.Shape) string {
	var all []int
	for k, m := range marked {
		if m {
			all = append(all, k)
		}
	}
	switch {
	case len(all) == 0 || len(all) == len(marked) || shape.Dims() == 0:
		return ""
	case len(all) == 1:
		return at(shape, all[0])
	case shape.Dims() < 2:
		return ""
	}
	cols := len(marked) / shape[0]
	if line := confined(all, func(k int) int { return k / cols }, shape[0]); line != "" {
		return "row" + line
	}
	if line := confined(all, func(k int) int { return k % cols }, cols); line != "" {
		return "column" + line
	}
	return ""
}

// confined names the one or two lines that hold all the elements, if there are more.
func confined(all []int, line func(k int) int, lines int) string {
	var seen []int
	for _, k := range all {
		if l := line(k); !slices.Contains(seen, l) {
			seen = append(seen, l)
		}
	}
	slices.Sort(seen)
	switch {
	case len(seen) == 1 && lines > 1:
		return " " + num(float64(seen[0]))
	case len(seen) == 2 && lines > 3:
		return "s " + num(float64(seen[0])) + " and " + num(float64(seen[1]))
	}
	return ""
}
