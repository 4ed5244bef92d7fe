package main

import (
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// Functions that return a register leave their operands as they are. The last operand b of a binary operation may be
// in memory.

type instruction func(...Op)

// binary emits one of two instructions, by the type of the elements, or one of NEON.
func (t *isa) binary(single, double instruction, arm armBinary, a, b Op) vector {
	if t.neon {
		return t.neonBinary(arm, a, b)
	}
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

func (t *isa) add(a, b Op) vector { return t.binary(build.VADDPS, build.VADDPD, armAdd, a, b) }
func (t *isa) sub(a, b Op) vector { return t.binary(build.VSUBPS, build.VSUBPD, armSub, a, b) }
func (t *isa) mul(a, b Op) vector { return t.binary(build.VMULPS, build.VMULPD, armMul, a, b) }
func (t *isa) div(a, b Op) vector { return t.binary(build.VDIVPS, build.VDIVPD, armDiv, a, b) }

// or, and and without work on bits; without returns b without the bits of a.
func (t *isa) or(a, b Op) vector  { return t.binary(build.VORPS, build.VORPD, armOr, a, b) }
func (t *isa) and(a, b Op) vector { return t.binary(build.VANDPS, build.VANDPD, armAnd, a, b) }
func (t *isa) without(a, b Op) vector {
	return t.binary(build.VANDNPS, build.VANDNPD, armWithout, a, b)
}

// max returns the larger of a and b, and b if one of them is not a number.
func (t *isa) max(a, b Op) vector { return t.binary(build.VMAXPS, build.VMAXPD, armMax, a, b) }

// maxTo sets largest to the larger of both.
func (t *isa) maxTo(largest, x vector) {
	if t.neon {
		NEON().FMax(t.size(), R(largest), R(largest), R(x))
		return
	}
	t.either(build.VMAXPS, build.VMAXPD)(x, largest, largest)
}

// min returns the smaller of a and b, and b if one of them is not a number.
func (t *isa) min(a, b Op) vector { return t.binary(build.VMINPS, build.VMINPD, armMin, a, b) }

func (t *isa) sqrt(a Op) vector {
	v := t.vec()
	if t.neon {
		NEON().FSqrt(t.size(), R(v), R(a.(vector)))
		return v
	}
	t.either(build.VSQRTPS, build.VSQRTPD)(a, v)
	return v
}

func (t *isa) copy(a Op) vector {
	v := t.vec()
	if t.neon {
		return t.neonCopy(v, a.(vector))
	}
	build.VMOVUPS(a, v)
	return v
}

func (t *isa) zero() vector {
	v := t.vec()
	if t.neon {
		NEON().Zero(R(v))
		return v
	}
	build.VXORPS(v, v, v)
	return v
}

// addTo adds x to sum.
func (t *isa) addTo(sum, x vector) {
	if t.neon {
		NEON().FAdd(t.size(), R(sum), R(sum), R(x))
		return
	}
	t.either(build.VADDPS, build.VADDPD)(x, sum, sum)
}

// addProduct adds a times b to sum, with one rounding.
func (t *isa) addProduct(sum vector, a, b Op) {
	if t.neon {
		NEON().FMla(t.size(), R(sum), R(a.(vector)), R(b.(vector)))
		return
	}
	t.either(build.VFMADD231PS, build.VFMADD231PD)(b, a, sum)
}

// subProduct subtracts a times b from sum, with one rounding.
func (t *isa) subProduct(sum vector, a, b Op) {
	if t.neon {
		NEON().FMls(t.size(), R(sum), R(a.(vector)), R(b.(vector)))
		return
	}
	t.either(build.VFNMADD231PS, build.VFNMADD231PD)(b, a, sum)
}

// timesPlus sets p to p times a plus b, with one rounding.
func (t *isa) timesPlus(p vector, a, b Op) {
	if t.neon {
		t.neonTimesPlus(p, a.(vector), b.(vector))
		return
	}
	t.either(build.VFMADD213PS, build.VFMADD213PD)(b, a, p)
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
	if t.neon {
		return t.neonCompare(predicate, a.(vector), b.(vector))
	}
	var p reg.Register = t.vec()
	if t.wide {
		p = K()
	}
	t.either(build.VCMPPS, build.VCMPPD)(predicate, b, a, p)
	return p
}

// choose returns yes where p holds, and no elsewhere.
func (t *isa) choose(p reg.Register, yes, no Op) vector {
	if t.neon {
		return t.neonChoose(p.(vector), yes.(vector), no.(vector))
	}
	if t.wide { // not build.VBLENDMPS, of which avo believes that it reads its destination
		v := t.copy(no)
		t.either(build.VMOVUPS, build.VMOVUPD)(yes, p, v)
		return v
	}
	v := t.vec()
	switch {
	case t.double:
		build.VBLENDVPD(p, yes, no, v)
	default:
		build.VBLENDVPS(p, yes, no, v)
	}
	return v
}

// orElse returns the elements of v inside the mask and no outside.
func (t *isa) orElse(k *mask, v, no vector) vector {
	if k == nil {
		return v
	}
	if t.neon {
		return t.choose(t.neonOnes(k), v, no)
	}
	if t.wide {
		return t.choose(k.k, v, no)
	}
	if t.double {
		wider := YMM()
		build.VPMOVSXDQ(k.v, wider)
		return t.choose(wider, v, no)
	}
	return t.choose(k.v, v, no)
}

// horner returns the polynomial in x with the given coefficients, highest power first.
func (t *isa) horner(x vector, coefficients ...float64) vector {
	p := t.hold(coefficients[0])
	for _, c := range coefficients[1:] {
		switch {
		case t.neon:
			t.timesPlus(p, x, t.hold(c))
		case !t.wide:
			t.timesPlus(p, x, t.number(c))
		case t.double:
			build.VFMADD213PD_BCST(t.number(c), x, p)
		default:
			build.VFMADD213PS_BCST(t.number(c), x, p)
		}
	}
	return p
}

// total returns the sum over the lanes of a vector of float64, in the lowest lane.
func (t *isa) total(v vector) vector {
	if t.neon {
		sum := t.vec()
		NEON().FAddPair(R(sum), R(v))
		return sum
	}
	y := v.AsY()
	if t.wide {
		high := YMM()
		build.VEXTRACTF64X4(U8(1), v, high)
		sum := YMM()
		build.VADDPD(high, y, sum)
		y = sum
	}
	high, sum, result := XMM(), XMM(), XMM()
	build.VEXTRACTF128(U8(1), y, high)
	build.VADDPD(high, y.(vector).AsX(), sum)
	build.VPERMILPD(U8(1), sum, high)
	build.VADDSD(high, sum, result)
	return result
}

// lowest returns a vector of which only the lowest lane will be used.
func (t *isa) lowest(v vector) vector {
	if t.neon {
		return v
	}
	return v.AsX().(vector)
}

// shiftLeft shifts each lane of v.
func (t *isa) shiftLeft(v vector, bits int) {
	switch {
	case t.neon:
		NEON().ShiftLeft(t.size(), R(v), R(v), bits)
	case t.double:
		build.VPSLLQ(U8(bits), v, v)
	default:
		build.VPSLLD(U8(bits), v, v)
	}
}

// broadcast returns the float32 at m in all lanes.
func (t *isa) broadcast(m Mem) vector {
	v := t.vec()
	if t.neon {
		base, disp := At(m)
		NEON().Load(4, R(v), base, disp)
		NEON().Dup(4, R(v), R(v), 0)
		return v
	}
	build.VBROADCASTSS(m, v)
	return v
}
