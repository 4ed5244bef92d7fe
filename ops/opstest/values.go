package opstest

import (
	"math"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkExtremes puts large values of either sign into each differentiable input in turn.
func checkExtremes(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		for i, in := range c.Inputs {
			if in.Constant {
				continue
			}
			values := c.values()
			for k := range values[i] {
				values[i][k] = c.Extreme * float64(1-2*(k%2))
			}
			p, err := c.ran(dtype, values)
			if err != nil {
				r.errorf("%v: %v", dtype, err)
				continue
			}
			for _, x := range append(p.gradients(), floats(p.out.Value())) {
				for _, v := range x {
					n++
					if math.IsNaN(v) || math.IsInf(v, 0) {
						r.errorf("%v: input %d at +-%g gives %g", dtype, i, c.Extreme, v)
					}
				}
			}
		}
	}
	return n
}

// checkNaN puts one NaN into each differentiable input in turn: it must either appear in the output or give an error that names it, as
// losses do for a label.
func checkNaN(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		for i, in := range c.Inputs {
			if in.Constant {
				continue
			}
			values := c.values()
			values[i][0] = math.NaN()
			out, err := c.forward(dtype, values)
			if n++; err != nil {
				if !strings.Contains(err.Error(), "NaN") {
					r.errorf("%v: NaN in input %d: the error does not name it: %v", dtype, i, err)
				}
				continue
			}
			if !slices.ContainsFunc(out, math.IsNaN) {
				r.errorf("%v: NaN in element 0 of input %d gives the output %v", dtype, i, out)
			}
		}
	}
	return n
}

// checkInputs compares the inputs before and after a forward and backward pass.
func checkInputs(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		p, err := c.program(dtype, c.values(), upstream)
		if err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		var before [][]float64
		for _, t := range p.bound {
			before = append(before, floats(t))
		}
		up := floats(p.upstream.Value())
		if err := p.run(); err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		for i, t := range p.bound {
			n++
			if !slices.Equal(before[i], floats(t)) {
				r.errorf("%v: input %d was %v and is now %v", dtype, i, before[i], floats(t))
			}
		}
		if !slices.Equal(up, floats(p.upstream.Value())) {
			r.errorf("%v: the gradient of the output was written to", dtype)
		}
	}
	return n
}

// checkSecondRun runs a program twice. This finds buffers that are added to instead of overwritten.
func checkSecondRun(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		p, err := c.program(dtype, c.values(), upstream)
		if err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		m := G.NewTapeMachine(p.graph)
		defer m.Close()
		var results [2][][]float64
		for k := range results {
			if err := m.RunAll(); err != nil {
				r.errorf("%v: %v", dtype, err)
				return n
			}
			m.Reset()
			results[k] = append(p.gradients(), floats(p.out.Value()))
		}
		for i := range results[0] {
			n++
			same := slices.EqualFunc(results[0][i], results[1][i], func(a, b float64) bool { return closeTo(a, b, 0) })
			if !same && !c.Random {
				r.errorf("%v: first %v, then %v", dtype, results[0][i], results[1][i])
			}
		}
		if c.Random && len(results[0][0]) > 8 && slices.Equal(results[0][0], results[1][0]) {
			r.errorf("%v: a random op gave the same gradient %v twice", dtype, results[0][0])
		}
	}
	return n
}

// checkRowOrder reverses the rows of the batch; the rows of the output must be reversed as well.
func checkRowOrder(r *report, c Case) (n int) {
	if c.Random {
		return 1 // the mask belongs to the position, not to the row
	}
	values := c.values()
	straight, err := c.forward(tensor.Float64, values)
	if err != nil {
		r.errorf("%v", err)
		return n
	}
	rows := 0
	for i, in := range c.Inputs {
		if !in.Shared && !in.Shape.IsScalar() {
			rows = in.Shape[0]
			values[i] = reverseRows(values[i], rows)
		}
	}
	reversed, err := c.forward(tensor.Float64, values)
	if err != nil {
		r.errorf("%v", err)
		return n
	}
	if len(reversed) > 1 && rows > 0 {
		reversed = reverseRows(reversed, rows)
	}
	for k, want := range straight {
		n++
		if !closeTo(reversed[k], want, 1e-12) {
			r.errorf("element %d is %g, and %g when the rows come in reverse order", k, want, reversed[k])
		}
	}
	return n
}

func reverseRows(x []float64, rows int) []float64 {
	out, cols := make([]float64, 0, len(x)), len(x)/rows
	for i := rows - 1; i >= 0; i-- {
		out = append(out, x[i*cols:(i+1)*cols]...)
	}
	return out
}
