package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/operand"
)

// The constants of SELU, as in package kernel.
const (
	lambda = 1.0507009873554804934193349852946
	alpha  = 1.6732632423543772848170429916717
)

func (t *isa) activations() {
	unary := func(name string, unroll int) elementwise {
		return elementwise{name: name, slices: []string{"dst", "x"}, in: []string{"x"}, out: []string{"dst"}, unroll: unroll}
	}
	slope := func(name string) elementwise {
		return elementwise{name: name, slices: []string{"dst", "g", "y"}, in: []string{"g", "y"}, out: []string{"dst"}, unroll: 4}
	}
	exponential := func(name string, f func() func(vector) vector) {
		unary(name, 2).generate(t, func(vectors) func(vectors) vectors {
			f := f()
			return func(x vectors) vectors { return vectors{f(x[0])} }
		})
	}
	exponential("selu", t.seluOf)
	exponential("elu", t.eluOf)
	unary("relu", 4).generate(t, func(vectors) func(vectors) vectors {
		zero := t.zero()
		return func(x vectors) vectors { return vectors{t.max(zero, x[0])} }
	})
	exponentialSlope := func(name string, positive, negative float64) {
		slope(name).generate(t, func(vectors) func(vectors) vectors {
			zero, positive, negative := t.zero(), t.hold(positive), t.hold(negative)
			return func(x vectors) vectors {
				g, y := x[0], x[1]
				return vectors{t.mul(g, t.choose(t.compare(greater, y, zero), positive, t.add(y, negative)))}
			}
		})
	}
	exponentialSlope("seluGrad", lambda, lambda*alpha)
	exponentialSlope("eluGrad", 1, 1)
	slope("reluGrad").generate(t, func(vectors) func(vectors) vectors {
		zero := t.zero()
		return func(x vectors) vectors {
			g, y := x[0], x[1]
			return vectors{t.choose(t.compare(greater, y, zero), g, y)}
		}
	})
	// The same in place of a block of a matrix, after the addition of a bias to each row.
	block := func(name string, f func() func(vector) vector) {
		rows{name: name + "Block", matrices: []string{"c"}, in: []string{"c"}, out: "c"}.generate(t, func(vectors) func(x vectors) vector {
			f := f()
			return func(x vectors) vector { return f(x[0]) }
		})
		rows{
			name: "bias" + strings.ToUpper(name[:1]) + name[1:] + "Block", matrices: []string{"c"}, vectors: []string{"bias"},
			in: []string{"c", "bias"}, out: "c",
		}.generate(t, func(vectors) func(x vectors) vector {
			f := f()
			return func(x vectors) vector { return f(t.add(x[0], x[1])) }
		})
	}
	block("selu", t.seluOf)
	block("relu", func() func(x vector) vector {
		zero := t.zero()
		return func(x vector) vector { return t.max(zero, x) }
	})
}

func (t *isa) seluOf() func(x vector) vector { return t.exponentialLinear(lambda, lambda*alpha) }

func (t *isa) eluOf() func(x vector) vector { return t.exponentialLinear(1, 1) }

// exponentialLinear loads constants and returns the code of above x for x > 0 and below (e^x - 1) for x <= 0.
func (t *isa) exponentialLinear(above, below float64) func(x vector) vector {
	return t.linearOrExponential(func() (positive, negative Op) { return t.constant(above), t.constant(below) })
}

// linearOrExponential is exponentialLinear with factors from anywhere.
//
// For x <= 0, e^x - 1 = 2^n (e^r - 1) + (2^n - 1). Where x is small, n = 0, and nothing cancels.
func (t *isa) linearOrExponential(factors func() (positive, negative Op)) func(x vector) vector {
	zero, lowest := t.zero(), t.hold(-20) // e^-20 - 1 rounds to -1
	reduce, series := t.reduction(127), t.taylor()
	positive, negative := factors()
	return func(x vector) vector {
		r := t.max(lowest, x)
		power := reduce(r)
		p := series(r)
		// The factor goes into the sum before its last rounding: below (2^n r + 2^n r^2 p + (2^n - 1)).
		scale := t.mul(power, negative)
		y := t.sub(scale, negative)
		t.addProduct(y, t.mul(t.mul(r, r), p), scale)
		t.addProduct(y, r, scale)
		return t.choose(t.compare(greater, x, zero), t.mul(x, positive), y)
	}
}
