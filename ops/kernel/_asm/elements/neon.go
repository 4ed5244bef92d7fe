package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/operand"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

// The operations on vectors of NEON, which give the bits that those of AVX2 give.

// size returns the bytes of an element in a register.
func (t *isa) size() int {
	if t.double {
		return 8
	}
	return 4
}

// armBinary is a binary operation.
type armBinary func(t *isa, f *neon.Function, d, n, m neon.Reg)

var (
	armAdd     armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) { f.FAdd(t.size(), d, n, m) }
	armSub     armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) { f.FSub(t.size(), d, n, m) }
	armMul     armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) { f.FMul(t.size(), d, n, m) }
	armDiv     armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) { f.FDiv(t.size(), d, n, m) }
	armOr      armBinary = func(_ *isa, f *neon.Function, d, n, m neon.Reg) { f.Orr(d, n, m) }
	armAnd     armBinary = func(_ *isa, f *neon.Function, d, n, m neon.Reg) { f.And(d, n, m) }
	armWithout armBinary = func(_ *isa, f *neon.Function, d, n, m neon.Reg) { f.Bic(d, m, n) }

	// FMAX and FMIN order zeros by their signs, where AVX2 takes the second operand: they serve where the first one is another constant.
	armMax armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) {
		if nonzero[n] {
			f.FMax(t.size(), d, n, m)
			return
		}
		p := f.Vec()
		f.FCmGt(t.size(), p, n, m)
		f.Bsl(p, n, m)
		f.Move(d, p)
	}
	armMin armBinary = func(t *isa, f *neon.Function, d, n, m neon.Reg) {
		if nonzero[n] {
			f.FMin(t.size(), d, n, m)
			return
		}
		p := f.Vec()
		f.FCmGt(t.size(), p, m, n)
		f.Bsl(p, n, m)
		f.Move(d, p)
	}
)

// nonzero are the registers that hold constants other than zero.
var nonzero = map[neon.Reg]bool{}

func (t *isa) neonBinary(op armBinary, a, b Op) vector {
	v := t.vec()
	op(t, NEON(), R(v), R(a.(vector)), R(b.(vector)))
	return v
}

// neonHold returns a constant in a register.
func (t *isa) neonHold(x float64) vector {
	v := t.vec()
	base, disp := ConstantAt(Float(x, t.size()), t.size())
	NEON().Load(16, R(v), base, disp)
	if x != 0 {
		nonzero[R(v)] = true
	}
	return v
}

func (t *isa) neonCopy(v, a vector) vector {
	NEON().Move(R(v), R(a))
	if nonzero[R(a)] {
		nonzero[R(v)] = true
	}
	return v
}

// neonTimesPlus sets p to p times a plus b. FMLA overwrites the sum, so p gets another register. That must not happen in a loop that reads p again.
func (t *isa) neonTimesPlus(p, a, b vector) {
	f, sum := NEON(), NEON().Vec()
	f.Move(sum, R(b))
	f.FMla(t.size(), sum, R(p), R(a))
	Rename(p, sum)
}

func (t *isa) neonCompare(predicate Op, a, b vector) vector {
	f, v := NEON(), t.vec()
	switch predicate {
	case less:
		f.FCmGt(t.size(), R(v), R(b), R(a))
	case greater:
		f.FCmGt(t.size(), R(v), R(a), R(b))
	case unordered: // of a with itself
		if a != b {
			panic("elements: two operands that are not numbers")
		}
		f.FCmEq(t.size(), R(v), R(a), R(b))
		f.Not(R(v), R(v))
	case notEqual:
		f.FCmEq(t.size(), R(v), R(a), R(b))
		f.Not(R(v), R(v))
	default:
		panic(fmt.Sprintf("elements: predicate %v", predicate))
	}
	return v
}

func (t *isa) neonChoose(p, yes, no vector) vector {
	v := t.vec()
	NEON().Move(R(v), R(p))
	NEON().Bsl(R(v), R(yes), R(no))
	return v
}

// neonOnes returns ones in the lanes of a mask.
func (t *isa) neonOnes(k *mask) vector {
	name := NEON().File().Table("onesNEON", math.MaxUint32, math.MaxUint32, math.MaxUint32, math.MaxUint32, 0, 0, 0, 0)
	f, at, v := NEON(), NEON().GP(), t.vec()
	f.TableAddress(at, name)
	f.AddConst(at, at, 16)
	f.Sub(at, at, R(k.n), map[int]int{4: 2, 8: 3}[t.size()])
	f.Load(16, R(v), at, 0)
	return v
}

// neonArgument sets all lanes of v to an argument.
func (t *isa) neonArgument(name string, v vector) {
	NEON().LoadFloatArg(t.size(), R(v), NEON().Param(name))
	NEON().Dup(t.size(), R(v), R(v), 0)
}

// neonDoubleArgument is neonArgument of a float32 for registers of float64.
func (t *isa) neonDoubleArgument(name string) vector {
	f, v := NEON(), t.vec()
	f.LoadFloatArg(4, R(v), f.Param(name))
	f.Double(R(v), R(v))
	f.Dup(8, R(v), R(v), 0)
	return v
}

// neonLoad loads as many float32 as a register has lanes, or those of the mask and zeros.
func (t *isa) neonLoad(m Mem, k *mask) vector {
	f, v := NEON(), t.vec()
	base, disp := At(m)
	if k == nil {
		f.Load(4*t.lanes(), R(v), base, disp)
	} else {
		t.some(k, true, func() { f.Zero(R(v)) }, func(bytes, from int) {
			if from > 0 {
				at := f.GP()
				f.AddConst(at, base, disp+4*from)
				f.LoadLane(4, R(v), at, from)
				return
			}
			f.Load(bytes, R(v), base, disp)
		})
	}
	if t.double {
		f.FCvtL(R(v), R(v))
	}
	return v
}

// neonStore stores the lanes of v, or those of the mask, as float32.
func (t *isa) neonStore(v vector, m Mem, k *mask) {
	f, x := NEON(), R(v)
	if t.double {
		x = f.Vec()
		f.FCvtN(x, R(v))
	}
	base, disp := At(m)
	if k == nil {
		f.Store(4*t.lanes(), x, base, disp)
		return
	}
	t.some(k, false, func() {}, func(bytes, from int) {
		if from > 0 {
			at := f.GP()
			f.AddConst(at, base, disp+4*from)
			f.StoreLane(4, x, at, from)
			return
		}
		f.Store(bytes, x, base, disp)
	})
}

// some generates the moves of the float32 that a mask means: all of them, or two, one or lane 2 alone. none is the case of an empty mask.
func (t *isa) some(k *mask, load bool, none func(), move func(bytes, from int)) {
	f, n := NEON(), R(k.n)
	fewer, one, done := f.NewLabel("fewer"), f.NewLabel("one"), f.NewLabel("some")
	f.CompareConst(n, t.lanes())
	f.Branch("LT", fewer)
	move(4*t.lanes(), 0)
	f.Branch("", done)
	f.Label(fewer)
	if t.lanes() > 2 {
		f.CompareConst(n, 2)
		f.Branch("LT", one)
		move(8, 0)
		f.Branch("EQ", done)
		move(4, 2)
		f.Branch("", done)
		f.Label(one)
	}
	none()
	f.BranchZero(true, n, done)
	move(4, 0)
	f.Label(done)
}

// neonBroadcastMax sets both lanes of v to the larger one.
func (t *isa) neonBroadcastMax(v vector) {
	f, low, high := NEON(), NEON().Vec(), NEON().Vec()
	f.Dup(8, low, R(v), 0)
	f.Dup(8, high, R(v), 1)
	f.FMax(8, R(v), low, high)
}
