package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// losses generates the losses and their gradients, which compute in float64.
func (t *isa) losses() {
	d := t.doubles()
	d.bce()
	d.bceGrad()
	d.sum("squaredError", []string{"x", "y"}, nil, func(x, _ vectors) vector {
		difference := d.sub(x[0], x[1])
		return d.mul(difference, difference)
	})
	d.sumExp()
	d.scaledExp()
	d.inverseStd()
	elementwise{
		name: "scaledDifference", slices: []string{"dst", "x", "y"}, arguments: []string{"scale"},
		in: []string{"x", "y"}, out: []string{"dst"}, unroll: 4,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors { return vectors{t.mul(a[0], t.sub(x[0], x[1]))} }
	})
	elementwise{
		name: "scale", slices: []string{"x"}, arguments: []string{"factor"}, in: []string{"x"}, out: []string{"x"}, unroll: 4,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors { return vectors{t.mul(a[0], x[0])} }
	})
}

// log1p returns log(1 + u) for 0 <= u <= 1: 2 artanh(s) with s = u / (2 + u) <= 1/3, by its Taylor series,
// which is exact to 2^-44.
func (t *isa) log1p(u vector) vector {
	var taylor []float64
	for k := 12; k >= 0; k-- {
		taylor = append(taylor, 2/float64(2*k+1))
	}
	s := t.div(u, t.add(u, t.hold(2)))
	return t.mul(s, t.horner(t.mul(s, s), taylor...))
}

// minusAbs returns -|x|.
func (t *isa) minusAbs(x vector) vector {
	return t.or(x, t.hold(math.Copysign(0, -1)))
}

func (t *isa) bce() {
	t.function("bce", "func(logits, targets, weights []float32) (loss, total float64)")
	n, base := Load(Param("weights").Len(), GP64()), bases("logits", "targets", "weights")
	zero, loss, total := t.zero(), t.zero(), t.zero()
	t.each(n, 1, func(p at, _ int, k *mask) {
		z, y, m := t.load(p(base[0]), k), t.load(p(base[1]), k), t.load(p(base[2]), k)
		term := t.add(t.sub(t.max(zero, z), t.mul(z, y)), t.log1p(t.exp(t.minusAbs(z))))
		t.addTo(loss, t.choose(t.compare(notEqual, m, zero), t.mul(m, term), zero))
		t.addTo(total, m)
	})
	result(0, t.total(loss))
	result(1, t.total(total))
	t.end()
}

func (t *isa) bceGrad() {
	t.function("bceGrad", "func(dst, logits, targets, weights []float32, scale float64)")
	n, base := Load(Param("weights").Len(), GP64()), bases("dst", "logits", "targets", "weights")
	zero, one, scale := t.zero(), t.hold(1), t.argument("scale")
	t.each(n, 1, func(p at, _ int, k *mask) {
		z, y, m := t.load(p(base[1]), k), t.load(p(base[2]), k), t.load(p(base[3]), k)
		e := t.exp(t.minusAbs(z))
		sigmoid := t.div(t.choose(t.compare(less, z, zero), e, one), t.add(e, one))
		grad := t.mul(t.mul(scale, m), t.sub(sigmoid, y))
		t.store(t.choose(t.compare(notEqual, m, zero), grad, zero), p(base[0]), k)
	})
	t.end()
}

// sumExp generates the largest element of a row and the sum of e^(x - largest).
func (t *isa) sumExp() {
	t.function("sumExp", "func(row []float32) (sum, largest float64)")
	base := bases("row")
	lowest := t.hold(math.Inf(-1))
	largest := t.copy(lowest)
	t.each(Load(Param("row").Len(), GP64()), 1, func(p at, _ int, k *mask) {
		x := t.orElse(k, t.load(p(base[0]), k), lowest)
		t.maxTo(largest, x)
	})
	t.broadcastMax(largest)
	sum := t.zero()
	t.each(Load(Param("row").Len(), GP64()), 1, func(p at, _ int, k *mask) {
		x := t.orElse(k, t.load(p(base[0]), k), lowest)
		t.addTo(sum, t.exp(t.sub(x, largest)))
	})
	result(0, t.total(sum))
	result(1, t.lowest(largest))
	t.end()
}

// broadcastMax sets all lanes of v to the largest.
func (t *isa) broadcastMax(v vector) {
	if t.neon {
		t.neonBroadcastMax(v)
		return
	}
	swapped := t.vec()
	swap := func(i instruction, imm uint8) {
		i(U8(imm), v, swapped)
		build.VMAXPD(swapped, v, v)
	}
	if t.wide {
		build.VSHUFF64X2(U8(0b01_00_11_10), v, v, swapped)
		build.VMAXPD(swapped, v, v)
	}
	swap(build.VPERMPD, 0b01_00_11_10)
	swap(build.VPERMPD, 0b10_11_00_01)
}

// scaledExp generates scale e^(x - shift).
func (t *isa) scaledExp() {
	t.function("scaledExp", "func(dst, row []float32, shift, scale float64)")
	base := bases("dst", "row")
	shift, scale := t.argument("shift"), t.argument("scale")
	t.each(Load(Param("row").Len(), GP64()), 1, func(p at, _ int, k *mask) {
		t.store(t.mul(scale, t.exp(t.sub(t.load(p(base[1]), k), shift))), p(base[0]), k)
	})
	t.end()
}

func (t *isa) inverseStd() {
	t.function("inverseStd", "func(dst, variance []float32, eps float64)")
	base := bases("dst", "variance")
	eps, one := t.argument("eps"), t.hold(1)
	t.each(Load(Param("variance").Len(), GP64()), 1, func(p at, _ int, k *mask) {
		t.store(t.div(one, t.sqrt(t.add(t.load(p(base[1]), k), eps))), p(base[0]), k)
	})
	t.end()
}
