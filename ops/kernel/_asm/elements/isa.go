package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// isa is an instruction set with a type of element in its registers. Elements in memory are always float32.
type isa struct {
	suffix string // of the names of the functions
	wide   bool   // AVX-512
	neon   bool
	double bool           // float64 in registers
	data   map[string]Mem // static data by name
	labels int            // in this function
}

// doubles returns the same instruction set with float64 in its registers.
func (t *isa) doubles() *isa {
	d := *t
	d.double = true
	return &d
}

// function begins a function.
func (t *isa) function(name, signature string) {
	TEXT(name+t.suffix, attr.NOSPLIT, signature)
	Pragma("noescape")
	t.labels = 0
}

// end ends a function.
func (t *isa) end() {
	if t.neon {
		RET()
		return
	}
	build.VZEROUPPER()
	RET()
}

// label returns a name for a jump target that is new in this function.
func (t *isa) label(name string) string {
	t.labels++
	return fmt.Sprintf("%s%d", name, t.labels)
}

// lanes returns the number of elements of a vector register.
func (t *isa) lanes() int {
	lanes := 8
	switch {
	case t.wide:
		lanes = 16
	case t.neon:
		lanes = 4
	}
	if t.double {
		lanes /= 2
	}
	return lanes
}

// vec returns a new vector register.
func (t *isa) vec() vector {
	if t.wide {
		return ZMM()
	}
	return YMM() // with NEON, only a name
}

// half returns a new register of half the width of a vector, which holds as many float32 as a vector holds float64.
func (t *isa) half() vector {
	if t.wide {
		return YMM()
	}
	return XMM()
}

// mask is the first elements of a vector: a mask register of AVX-512, ones in the lanes of a vector, or their number with NEON. Nil is all.
type mask struct{ k, v, n reg.Register }

// first returns the mask of the first n elements of a vector, all of them if n is larger.
func (t *isa) first(n reg.Register) *mask {
	m, rest := GP64(), GP64()
	MOVQ(I32(int32(t.lanes())), m)
	CMPQ(n, m)
	CMOVQLT(n, m)
	if t.neon {
		return &mask{n: m}
	}
	if t.wide {
		MOVQ(I32(-1), rest)
		build.BZHIQ(m, rest, rest)
		k := K()
		build.KMOVQ(rest, k)
		return &mask{k: k}
	}
	ones := t.table("ones", func() { // 8 words of ones and 8 of zeros
		for i := range 16 {
			build.DATA(4*i, U32(uint32(int32(i-8)>>31)))
		}
	})
	LEAQ(ones, rest)
	build.NEGQ(m)
	v := YMM()
	if t.double {
		v = XMM()
	}
	build.VMOVUPS(Mem{Base: rest, Index: m, Scale: 4, Disp: 32}, v)
	return &mask{v: v}
}

// load returns the elements at m. Elements outside the mask are not read and become 0.
func (t *isa) load(m Mem, k *mask) vector {
	if t.neon {
		return t.neonLoad(m, k)
	}
	v, h := t.vec(), t.half()
	switch {
	case !t.double && k == nil:
		build.VMOVUPS(m, v)
	case !t.double && t.wide:
		build.VMOVUPS_Z(m, k.k, v)
	case !t.double:
		build.VMASKMOVPS(m, k.v, v)
	case k == nil:
		build.VCVTPS2PD(m, v)
	case t.wide:
		build.VCVTPS2PD_Z(m, k.k, v)
	default:
		build.VMASKMOVPS(m, k.v, h)
		build.VCVTPS2PD(h, v)
	}
	return v
}

// store writes the elements of v to m, but those outside the mask.
func (t *isa) store(v vector, m Mem, k *mask) {
	if t.neon {
		t.neonStore(v, m, k)
		return
	}
	var x reg.Register = v
	if t.double {
		h := t.half()
		if t.wide {
			build.VCVTPD2PS(v, h)
		} else {
			build.VCVTPD2PSY(v, h)
		}
		x = h
	}
	switch {
	case k == nil:
		build.VMOVUPS(x, m)
	case t.wide:
		build.VMOVUPS(x, k.k, m)
	default:
		build.VMASKMOVPS(x, k.v, m)
	}
}

// table returns the address of static data, which write makes at the first call of that name.
func (t *isa) table(name string, write func()) Mem {
	if _, ok := t.data[name]; !ok {
		t.data[name] = build.GLOBL(name+t.suffix, attr.RODATA|attr.NOPTR)
		write()
	}
	return t.data[name]
}

// number returns the address of a constant: one with AVX-512, which can broadcast any operand, a vector full with AVX2.
func (t *isa) number(x float64) Mem {
	var bits Constant = U32(math.Float32bits(float32(x)))
	if t.double {
		bits = U64(math.Float64bits(x))
	}
	return t.word(bits)
}

// word is number for a bit pattern.
func (t *isa) word(bits Constant) Mem {
	size := bits.Bytes()
	return t.table(fmt.Sprintf("c%d_%0*x", 8*size, 2*size, bits), func() {
		copies := 32 / size
		if t.wide {
			copies = 1
		}
		for i := range copies {
			build.DATA(i*size, bits)
		}
	})
}

// hold returns the constant x in a register.
func (t *isa) hold(x float64) vector {
	if t.neon {
		return t.neonHold(x)
	}
	v, at := t.vec(), t.number(x)
	switch {
	case !t.wide:
		build.VMOVUPS(at, v)
	case t.double:
		build.VBROADCASTSD(at, v)
	default:
		build.VBROADCASTSS(at, v)
	}
	return v
}

// constant returns the constant x where there is room for it: in a register of AVX-512 or NEON, in memory with AVX2. It may be
// the last operand, in Intel's order, of an instruction.
func (t *isa) constant(x float64) Op {
	if t.wide || t.neon {
		return t.hold(x)
	}
	return t.number(x)
}

// argument returns an argument in all lanes of a register.
func (t *isa) argument(name string) vector {
	v := t.vec()
	if t.neon {
		t.neonArgument(name, v)
		return v
	}
	if t.double {
		build.VBROADCASTSD(address(Param(name)), v)
	} else {
		build.VBROADCASTSS(address(Param(name)), v)
	}
	return v
}

// singleArgument is argument for a float32 whatever the elements of the registers are.
func (t *isa) singleArgument(name string) vector {
	if !t.double {
		return t.argument(name)
	}
	if t.neon {
		return t.neonDoubleArgument(name)
	}
	low, v := XMM(), t.vec()
	build.VMOVSS(address(Param(name)), low)
	build.VCVTSS2SD(low, low, low)
	build.VBROADCASTSD(low, v)
	return v
}

// address returns where an argument or a result lies.
func address(c gotypes.Component) Mem {
	b, err := c.Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}
