package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Functions that return a register leave their operands as they are. The last operand b of a binary operation may be
// in memory.

type instruction func(...Op)

// binary emits one of two instructions, by the type of the elements.
func (t *isa) binary(single, double instruction, a, b Op) vector {
	v := t.vec()
	t.either(single, double)(b, a, v)
	return v
}

func (t *isa) either(single, double instruction) instruction {
	if t.double {
		return double
	}
	return single
}

func (t *isa) add(a, b Op) vector { return t.binary(VADDPS, VADDPD, a, b) }
func (t *isa) sub(a, b Op) vector { return t.binary(VSUBPS, VSUBPD, a, b) }
func (t *isa) mul(a, b Op) vector { return t.binary(VMULPS, VMULPD, a, b) }
func (t *isa) div(a, b Op) vector { return t.binary(VDIVPS, VDIVPD, a, b) }

// max returns the larger of a and b, and b if one of them is not a number.
func (t *isa) max(a, b Op) vector { return t.binary(VMAXPS, VMAXPD, a, b) }

// min returns the smaller of a and b, and b if one of them is not a number.
func (t *isa) min(a, b Op) vector { return t.binary(VMINPS, VMINPD, a, b) }

func (t *isa) sqrt(a Op) vector {
	v := t.vec()
	t.either(VSQRTPS, VSQRTPD)(a, v)
	return v
}

func (t *isa) copy(a Op) vector {
	v := t.vec()
	VMOVUPS(a, v)
	return v
}

func (t *isa) zero() vector {
	v := t.vec()
	VXORPS(v, v, v)
	return v
}

// addTo adds x to sum.
func (t *isa) addTo(sum, x vector) { t.either(VADDPS, VADDPD)(x, sum, sum) }

// addProduct adds a times b to sum, with one rounding.
func (t *isa) addProduct(sum vector, a, b Op) {
	t.either(VFMADD231PS, VFMADD231PD)(b, a, sum)
}

// subProduct subtracts a times b from sum, with one rounding.
func (t *isa) subProduct(sum vector, a, b Op) {
	t.either(VFNMADD231PS, VFNMADD231PD)(b, a, sum)
}

// timesPlus sets p to p times a plus b, with one rounding.
func (t *isa) timesPlus(p vector, a, b Op) {
	t.either(VFMADD213PS, VFMADD213PD)(b, a, p)
}

// Predicates of comparisons.
const (
	less      = U8(17) // quiet, false for not-a-number
	unordered = U8(3)
	notEqual  = U8(4) // true for not-a-number
	greater   = U8(30)
)

// compare returns where a and b are in the given relation, as a mask register or as a vector of ones and zeros.
func (t *isa) compare(predicate Op, a, b Op) reg.Register {
	var p reg.Register = t.vec()
	if t.wide {
		p = K()
	}
	t.either(VCMPPS, VCMPPD)(predicate, b, a, p)
	return p
}

// choose returns yes where p holds, and no elsewhere.
func (t *isa) choose(p reg.Register, yes, no Op) vector {
	if t.wide { // not VBLENDMPS, of which avo believes that it reads its destination
		v := t.copy(no)
		t.either(VMOVUPS, VMOVUPD)(yes, p, v)
		return v
	}
	v := t.vec()
	switch {
	case t.double:
		VBLENDVPD(p, yes, no, v)
	default:
		VBLENDVPS(p, yes, no, v)
	}
	return v
}

// orElse returns the elements of v inside the mask and no outside.
func (t *isa) orElse(k *mask, v, no vector) vector {
	if k == nil {
		return v
	}
	if t.wide {
		return t.choose(k.k, v, no)
	}
	if t.double {
		wider := YMM()
		VPMOVSXDQ(k.v, wider)
		return t.choose(wider, v, no)
	}
	return t.choose(k.v, v, no)
}

// horner returns the polynomial in x with the given coefficients, highest power first.
func (t *isa) horner(x vector, coefficients ...float64) vector {
	p := t.hold(coefficients[0])
	for _, c := range coefficients[1:] {
		switch {
		case !t.wide:
			t.timesPlus(p, x, t.number(c))
		case t.double:
			VFMADD213PD_BCST(t.number(c), x, p)
		default:
			VFMADD213PS_BCST(t.number(c), x, p)
		}
	}
	return p
}

// total returns the sum over the lanes of a vector of float64, in the lowest lane.
func (t *isa) total(v vector) vector {
	y := v.AsY()
	if t.wide {
		high := YMM()
		VEXTRACTF64X4(U8(1), v, high)
		sum := YMM()
		VADDPD(high, y, sum)
		y = sum
	}
	high, sum, result := XMM(), XMM(), XMM()
	VEXTRACTF128(U8(1), y, high)
	VADDPD(high, y.(vector).AsX(), sum)
	VPERMILPD(U8(1), sum, high)
	VADDSD(high, sum, result)
	return result
}
