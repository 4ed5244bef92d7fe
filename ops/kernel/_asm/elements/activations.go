package main

import (
	"math"
	"strings"

	. "github.com/mmcloughlin/avo/build"
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
	unary("selu", 2).generate(t, func(vectors) func(vectors) vectors {
		f := t.seluOf()
		return func(x vectors) vectors { return vectors{f(x[0])} }
	})
	unary("relu", 4).generate(t, func(vectors) func(vectors) vectors {
		zero := t.zero()
		return func(x vectors) vectors { return vectors{t.max(zero, x[0])} }
	})
	slope("seluGrad").generate(t, func(vectors) func(vectors) vectors {
		zero, positive, negative := t.zero(), t.hold(lambda), t.hold(lambda*alpha)
		return func(x vectors) vectors {
			g, y := x[0], x[1]
			return vectors{t.mul(g, t.choose(t.compare(greater, y, zero), positive, t.add(y, negative)))}
		}
	})
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

// seluOf loads the constants of SELU and returns its code.
//
// For x <= 0, e^x - 1 = 2^n (e^r - 1) + (2^n - 1) with x = n ln 2 + r and |r| <= ln(2)/2. The Taylor polynomial of degree 7
// is exact to 2^-26 there. Where x is small, n = 0, and nothing cancels.
func (t *isa) seluOf() func(x vector) vector {
	const ln2Hi = float32(math.Ln2)
	zero, lowest := t.zero(), t.hold(-20)
	log2e, magic := t.constant(math.Log2E), t.constant(3<<22+127)
	ln2hi, ln2lo := t.constant(float64(ln2Hi)), t.constant(math.Ln2-float64(ln2Hi))
	taylor := []Op{t.constant(1. / 5040), t.constant(1. / 720), t.constant(1. / 120), t.constant(1. / 24), t.constant(1. / 6), t.constant(1. / 2)}
	positive, negative := t.constant(lambda), t.constant(lambda*alpha)
	return func(x vector) vector {
		r := t.max(lowest, x) // λ α (e^-20 - 1) rounds to -λ α
		// Adding magic rounds to an integer, in the low bits, and adds the bias of the exponent.
		power := t.copy(magic)
		t.addProduct(power, r, log2e)
		n := t.sub(power, magic)
		t.subProduct(r, n, ln2hi)
		t.subProduct(r, n, ln2lo)
		p := t.copy(taylor[0])
		for _, c := range taylor[1:] {
			t.timesPlus(p, r, c)
		}
		VPSLLD(U8(23), power, power)
		// λ α goes into the sum before its last rounding: λ α (2^n r + 2^n r^2 p + (2^n - 1)).
		scale := t.mul(power, negative)
		y := t.sub(scale, negative)
		t.addProduct(y, t.mul(t.mul(r, r), p), scale)
		t.addProduct(y, r, scale)
		return t.choose(t.compare(greater, x, zero), t.mul(x, positive), y)
	}
}
