package opstest

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkGradient compares the symbolic gradient with central differences of the float64 forward pass.
func checkGradient(r *report, c Case) (n int) {
	values := c.values()
	for _, dtype := range dtypes {
		p, err := c.ran(dtype, values)
		if err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		tolerance := 1e-6
		if dtype == tensor.Float32 {
			tolerance = 1e-3
		}
		for i, grad := range p.gradients() {
			for k, got := range grad {
				want, err := c.difference(values, i, k)
				if err != nil {
					r.errorf("%v", err)
					return n
				}
				n++
				if !closeTo(got, want, tolerance) {
					r.errorf("%v: input %d, element %d (%g): gradient %g, central difference %g", dtype, i, k, values[i][k], got, want)
				}
			}
		}
	}
	return n
}

// difference is the central difference of sum(upstream * output) with respect to element k of input i, in float64,
// extrapolated from two step sizes.
func (c Case) difference(values [][]float64, i, k int) (float64, error) {
	const h = 1e-3
	slope := func(h float64) (float64, error) {
		var sums [2]float64
		x := values[i][k]
		defer func() { values[i][k] = x }()
		for side, at := range []float64{x + h, x - h} {
			values[i][k] = at
			out, err := c.forward(tensor.Float64, values)
			if err != nil {
				return 0, err
			}
			for j, u := range spread(upstream, len(out)) {
				sums[side] += u * out[j]
			}
		}
		return (sums[0] - sums[1]) / (2 * h), nil
	}
	wide, err := slope(h)
	if err != nil {
		return 0, err
	}
	narrow, err := slope(h / 2)
	return (4*narrow - wide) / 3, err
}

// checkDoDiff compares DoDiff, which differentiates as a machine runs, with the symbolic gradient.
func checkDoDiff(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		p, err := c.ran(dtype, c.values())
		if err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		want := p.gradients()
		op, ok := p.out.Op().(G.ADOp)
		if !ok {
			r.errorf("%v has no DoDiff", p.out.Op())
			return n
		}
		for i, t := range p.bound {
			G.WithGrad(value(dtype, c.Inputs[i].Shape, make([]float64, t.DataSize())))(p.in[i])
		}
		G.WithGrad(p.upstream.Value())(p.out)
		if err := op.DoDiff(G.ExecutionContext{}, p.in, p.out); err != nil {
			r.errorf("%v: DoDiff: %v", dtype, err)
			continue
		}
		for i := range p.in {
			grad, err := p.in[i].Grad()
			if err != nil {
				r.errorf("%v", err)
				continue
			}
			for k, got := range floats(grad) {
				n++
				switch {
				case want[i] == nil && got != 0:
					r.errorf("%v: constant input %d, element %d got the gradient %g", dtype, i, k, got)
				case want[i] != nil && got != want[i][k]:
					r.errorf("%v: input %d, element %d: DoDiff %g, symbolic %g", dtype, i, k, got, want[i][k])
				}
			}
		}
	}
	return n
}
