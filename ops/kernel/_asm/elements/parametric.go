package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// parametric generates activations whose constants are arguments or one per column, and the scaling of RMSNorm.
func (t *isa) parametric() {
	with := func(name string, unroll int, slices, arguments []string, setup func(a vectors) func(x vectors) vector) {
		elementwise{
			name: name, slices: append([]string{"dst"}, slices...), arguments: arguments, in: slices, out: []string{"dst"}, unroll: unroll,
		}.generate(t, func(a vectors) func(vectors) vectors {
			f := setup(a)
			return func(x vectors) vectors { return vectors{f(x)} }
		})
	}
	factors := []string{"positive", "negative"}
	with("seluOf", 2, []string{"x"}, factors, func(a vectors) func(x vectors) vector {
		f := t.linearOrExponential(func() (positive, negative Op) { return a[0], a[1] })
		return func(x vectors) vector { return f(x[0]) }
	})
	with("seluOfGrad", 4, []string{"g", "y"}, factors, func(a vectors) func(x vectors) vector {
		zero := t.zero()
		return func(x vectors) vector {
			return t.mul(x[0], t.choose(t.compare(greater, x[1], zero), a[0], t.add(x[1], a[1])))
		}
	})
	with("serlu", 1, []string{"x"}, factors, func(a vectors) func(x vectors) vector {
		zero, least, rest, decay := t.zero(), t.hold(lowest), t.constant(0x1p-32), t.decay()
		return func(x vectors) vector {
			w := t.max(least, x[0])
			_, large := decay(w)
			return t.choose(t.compare(greater, w, zero), t.mul(w, a[0]), t.mul(t.mul(t.mul(large, w), a[1]), rest))
		}
	})
	with("serluGrad", 1, []string{"g", "x"}, factors, func(a vectors) func(x vectors) vector {
		zero, least, one, decay := t.zero(), t.hold(lowest), t.hold(1), t.decay()
		return func(x vectors) vector {
			w := t.max(least, x[1])
			e, _ := decay(w)
			return t.mul(x[0], t.choose(t.compare(greater, w, zero), a[0], t.mul(t.mul(e, a[1]), t.add(w, one))))
		}
	})
	with("leakyRelu", 4, []string{"x"}, []string{"slope"}, func(a vectors) func(x vectors) vector {
		zero := t.zero()
		return func(x vectors) vector { return t.choose(t.compare(greater, x[0], zero), x[0], t.mul(x[0], a[0])) }
	})
	with("leakyReluGrad", 4, []string{"g", "x"}, []string{"slope"}, func(a vectors) func(x vectors) vector {
		zero := t.zero()
		return func(x vectors) vector {
			return t.orNaN(x[1], t.choose(t.compare(greater, x[1], zero), x[0], t.mul(x[0], a[0])))
		}
	})
	t.scaledTanh()
	t.columns()
	with("rowScale", 2, []string{"x", "gain"}, []string{"factor"}, func(a vectors) func(x vectors) vector {
		return func(x vectors) vector { return t.mul(t.mul(x[0], a[0]), x[1]) }
	})
}

// scaledTanh generates scale tanh(x) + shift and, from its result y, its gradient: with d = y - shift, the slope is (scale - d) (scale + d) / scale.
func (t *isa) scaledTanh() {
	d := t.doubles()
	elementwise{
		name: "scaledTanh", slices: []string{"dst", "x"}, arguments: []string{"scale", "shift"}, in: []string{"x"}, out: []string{"dst"}, unroll: 2,
	}.generate(d, func(a vectors) func(vectors) vectors {
		f := d.tanhOf()
		return func(x vectors) vectors { return vectors{d.add(d.mul(f(x[0]), a[0]), a[1])} }
	})
	elementwise{
		name: "scaledTanhGrad", slices: []string{"dst", "g", "y"}, arguments: []string{"scale", "shift", "inverse"}, in: []string{"g", "y"}, out: []string{"dst"}, unroll: 4,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors {
			d := t.sub(x[1], a[1])
			return vectors{t.mul(x[0], t.mul(t.mul(t.sub(a[0], d), t.add(a[0], d)), a[2]))}
		}
	})
}

// columns generates PReLU and the parametric SELU x + (selu(x) - x) w, whose weights are one per column.
func (t *isa) columns() {
	over := func(name string, matrices []string, weight string, setup func() func(x vectors) vector) {
		rows{
			name: name, matrices: append([]string{"dst"}, matrices...), vectors: []string{weight}, in: append(matrices, weight), out: "dst",
		}.generate(t, func(vectors) func(vectors) vector { return setup() })
	}
	over("prelu", []string{"x"}, "slope", func() func(x vectors) vector {
		zero := t.zero()
		return func(x vectors) vector { return t.choose(t.compare(greater, x[0], zero), x[0], t.mul(x[0], x[1])) }
	})
	over("preluGrad", []string{"g", "x"}, "slope", func() func(x vectors) vector {
		zero := t.zero()
		return func(x vectors) vector {
			return t.orNaN(x[1], t.choose(t.compare(greater, x[1], zero), x[0], t.mul(x[0], x[2])))
		}
	})
	sums{name: "preluGradSlope", matrices: []string{"g", "x"}}.generate(t,
		func(x vectors, _ []Mem, _ *mask) vector { return t.mul(x[0], t.min(t.zero(), x[1])) }, nil)
	over("parametricSelu", []string{"x"}, "w", func() func(x vectors) vector {
		f := t.seluOf()
		return func(x vectors) vector { return t.add(x[0], t.mul(t.sub(f(x[0]), x[0]), x[1])) }
	})
	f := func(x vectors, _ []Mem, _ *mask) vector { return t.mul(x[0], t.sub(t.seluOf()(x[1]), x[1])) }
	sums{name: "parametricSeluGradWeight", matrices: []string{"g", "x"}}.generate(t, f, nil)
	over("parametricSeluGrad", []string{"g", "x"}, "w", func() func(x vectors) vector {
		f := t.seluOf()
		zero, one, positive, negative := t.zero(), t.constant(1), t.constant(lambda-1), t.constant(lambda*alpha)
		return func(x vectors) vector {
			slope := t.sub(t.add(f(x[1]), negative), one)
			bend := t.choose(t.compare(greater, x[1], zero), positive, slope)
			return t.mul(x[0], t.add(t.mul(bend, x[2]), one))
		}
	})
}

// orNaN returns v, and x where x is not a number.
func (t *isa) orNaN(x, v vector) vector { return t.choose(t.compare(unordered, x, x), x, v) }

// hard generates the activations of straight lines.
func (t *isa) hard() {
	setup := func(name string, operands []string, code func() func(x vectors) vector) {
		t.pointwise(name, 4, operands, code)
	}
	setup("hardTanh", []string{"x"}, func() func(x vectors) vector {
		low, high := t.hold(-1), t.hold(1)
		return func(x vectors) vector { return t.min(high, t.max(low, x[0])) }
	})
	setup("hardTanhGrad", []string{"g", "x"}, func() func(x vectors) vector {
		inside, zero := t.inside(1), t.zero()
		return func(x vectors) vector { return t.orNaN(x[1], t.choose(inside(x[1]), x[0], zero)) }
	})
	setup("hardSigmoid", []string{"x"}, func() func(x vectors) vector {
		ramp, sixth := t.ramp(), t.constant(1./6)
		return func(x vectors) vector { return t.mul(ramp(x[0]), sixth) }
	})
	setup("hardSigmoidGrad", []string{"g", "x"}, func() func(x vectors) vector {
		inside, zero, sixth := t.inside(3), t.zero(), t.constant(1./6)
		return func(x vectors) vector { return t.orNaN(x[1], t.choose(inside(x[1]), t.mul(x[0], sixth), zero)) }
	})
	setup("hardSwish", []string{"x"}, func() func(x vectors) vector {
		ramp, least, sixth := t.ramp(), t.hold(-3), t.constant(1./6)
		return func(x vectors) vector { return t.mul(t.max(least, x[0]), t.mul(ramp(x[0]), sixth)) }
	})
	setup("hardSwishGrad", []string{"g", "x"}, func() func(x vectors) vector {
		zero, one, third, half, least, most := t.zero(), t.hold(1), t.constant(1./3), t.constant(0.5), t.constant(-3), t.constant(3)
		return func(x vectors) vector {
			slope := t.add(t.mul(x[1], third), half)
			slope = t.choose(t.compare(less, x[1], least), zero, slope)
			return t.mul(x[0], t.choose(t.compare(greater, x[1], most), one, slope))
		}
	})
}

// ramp loads constants and returns the code of x + 3 between 0 and 6.
func (t *isa) ramp() func(x vector) vector {
	zero, three, six := t.zero(), t.constant(3), t.hold(6)
	return func(x vector) vector { return t.min(six, t.max(zero, t.add(x, three))) }
}

// inside loads constants and returns the code of |x| < bound.
func (t *isa) inside(bound float64) func(x vector) reg.Register {
	limit, sign := t.constant(bound), t.hold(math.Copysign(0, -1))
	return func(x vector) reg.Register { return t.compare(less, t.without(sign, x), limit) }
}
