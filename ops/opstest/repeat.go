package opstest

import (
	"slices"

	"gorgonia.org/tensor"
)

// checkRepeat runs the op again: the same graph, and a new one. An op that draws noise must give different results at different steps, and
// the same in each graph.
func checkRepeat(k *kit) *fault {
	for _, dtype := range dtypes {
		first, f := k.build(dtype, k.c.shapes())
		if f != nil {
			return f
		}
		values := k.c.values(first.shapes, 0)
		other := k.c.values(first.shapes, 1)
		var runs [][]float64
		for _, v := range [][][]float64{values, other, values} {
			first.bind(v)
			if f := first.run(); f != nil {
				return f.when("in the second run")
			}
			runs = append(runs, first.output())
		}
		second, f := k.build(dtype, k.c.shapes())
		if f != nil {
			return f
		}
		second.bind(values)
		if f := second.run(); f != nil {
			return f
		}
		again := second.output()
		if e, ok := differs(runs[0], again); ok {
			a, b := nums(runs[0][e], again[e])
			f := faultf("two graphs give different results: %s is %s in one and %s in the other", at(first.out.Shape(), e), a, b)
			if one := k.merged(); one != nil {
				return one
			}
			if k.c.Random {
				return f.when("(%s): noise from the clock, or from a source that two graphs share, instead of a seed?", fieldOf(dtype))
			}
			return f.when("(%s): does the op draw noise (Case.Random), or keep something between runs?", fieldOf(dtype))
		}
		if e, ok := differs(runs[0], runs[2]); ok && !k.c.Random {
			a, b := nums(runs[0][e], runs[2][e])
			return faultf("a second run on the same inputs gives another result: %s is %s, then %s (%s): does the op keep something between runs, or draw noise (Case.Random)?",
				at(first.out.Shape(), e), a, b, fieldOf(dtype))
		}
	}
	if k.c.Random {
		return k.checkNoise()
	}
	return nil
}

// differs returns the first element in which a and b differ.
func differs(a, b []float64) (k int, yes bool) {
	for k := range a {
		if !equal(a[k], b[k]) {
			return k, true
		}
	}
	return 0, false
}

// checkNoise looks at the noise of many steps. The inputs have equal rows, so that rows differ by their noise alone.
func (k *kit) checkNoise() *fault {
	const steps = 20
	p, f := k.build(tensor.Float64, k.c.shapes())
	if f != nil {
		return f
	}
	values := k.c.values(p.shapes, 0)
	rows := k.c.batch()
	for i := range values {
		if k.c.batched(i) && rows > 0 {
			cols := len(values[i]) / rows
			values[i] = spread(values[i][:cols], len(values[i]))
		}
	}
	p.bind(values)
	var outs [][]float64
	sameRows := rows > 1 && p.out.Shape().Dims() > 0 && p.out.Shape()[0] == rows
	for range steps {
		if f := p.run(); f != nil {
			return f
		}
		out := p.output()
		cols := len(out) / max(1, rows)
		sameRows = sameRows && slices.EqualFunc(out, spread(out[:max(1, cols)], len(out)), equal)
		outs = append(outs, out)
	}
	constant := func(out []float64) bool { return slices.EqualFunc(out, outs[0], equal) }
	if !slices.ContainsFunc(outs, func(out []float64) bool { return !constant(out) }) {
		return faultf("%d runs draw the same noise: does it ignore the step, or is there none?", steps)
	}
	if sameRows {
		return faultf("all rows get the same noise: does it ignore the element?")
	}
	return k.checkSeeds()
}

// checkSeeds compares the noise of the variants with that of the op.
func (k *kit) checkSeeds() *fault {
	run := func(c Case) ([]float64, *fault) {
		other := &kit{c: c, name: k.name, programs: map[string]*program{}}
		return other.forward(tensor.Float64, c.shapes(), c.values(c.shapes(), 0))
	}
	base, f := run(k.c)
	if f != nil {
		return f
	}
	for i, build := range k.c.Variants {
		c := k.c
		if c.Build = build; build == nil {
			return nil // reported by the check of identities
		}
		out, f := run(c)
		if f != nil {
			return f.when("in variant %d", i)
		}
		if slices.EqualFunc(base, out, equal) {
			return faultf("variant %d gives the same noise as the op: does it ignore the seed?", i)
		}
	}
	return nil
}
