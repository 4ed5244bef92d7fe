// Package machine lets one description of a function make assembly for amd64 and for arm64. It has the functions of avo's package build that
// the generators of this folder use for everything but vectors, under the same names. For amd64 they are avo's. After UseNEON they write instructions of
// package neon that have the same effect, also on the flags that the conditional jumps read; avo's registers then only identify registers.
package machine

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/selfnorm/selfnorm/ops/kernel/_asm/neon"
)

var (
	file      *neon.File // nil for amd64
	function  *neon.Function
	registers map[reg.ID]neon.Reg
	addresses map[address]neon.Reg
	pool      neon.Reg // address of the constants
	constants []uint32
)

// address is a place in an array, whose address is kept until a part of it changes.
type address struct {
	base, index reg.ID
	scale       uint8
}

// UseNEON makes the functions of this package write for NEON.
func UseNEON() { file = &neon.File{} }

// NEON returns the function that is being written for NEON, or nil.
func NEON() *neon.Function { return function }

// R returns the register that one of avo identifies.
func R(r reg.Register) neon.Reg {
	n, ok := registers[r.ID()]
	if !ok {
		if n = function.GP(); r.Kind() == reg.KindVector {
			n = function.Vec()
		}
		registers[r.ID()] = n
	}
	return n
}

// Rename lets r identify another register from here on.
func Rename(r reg.Register, n neon.Reg) { registers[r.ID()] = n }

// changed returns R of a register that is about to change, and forgets the addresses made of it.
func changed(r reg.Register) neon.Reg {
	for a := range addresses {
		if a.base == r.ID() || a.index == r.ID() {
			delete(addresses, a)
		}
	}
	return R(r)
}

// At returns a register and the distance from it at which an operand lies.
func At(m operand.Mem) (base neon.Reg, disp int) {
	if m.Index == nil {
		return R(m.Base), m.Disp
	}
	key := address{m.Base.ID(), m.Index.ID(), m.Scale}
	if _, ok := addresses[key]; !ok {
		sum := function.GP()
		function.Add(sum, R(m.Base), R(m.Index), log2(m.Scale))
		addresses[key] = sum
	}
	return addresses[key], m.Disp
}

func log2(scale uint8) int { return map[uint8]int{1: 0, 2: 1, 4: 2, 8: 3}[scale] }

// ConstantAt returns where, from which register, a vector full of a number of 32 or 64 bits lies.
func ConstantAt(bits uint64, size int) (base neon.Reg, disp int) {
	words := []uint32{uint32(bits), uint32(bits), uint32(bits), uint32(bits)}
	if size == 8 {
		words[1], words[3] = uint32(bits>>32), uint32(bits>>32)
	}
	return WordsAt(words...)
}

// WordsAt returns where, from which register, four words lie.
func WordsAt(words ...uint32) (base neon.Reg, disp int) {
	for i := 0; i < len(constants); i += 4 {
		if [4]uint32(constants[i:]) == [4]uint32(words) {
			return pool, 4 * i
		}
	}
	constants = append(constants, words...)
	return pool, 4 * (len(constants) - 4)
}

// Float returns the bits of a number of a size.
func Float(x float64, size int) uint64 {
	if size == 4 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(x)
}

const poolName = "constantsNEON"

// TEXT begins a function without a frame.
func TEXT(name string, a attr.Attribute, signature string) {
	if file == nil {
		build.TEXT(name, a, signature)
		return
	}
	function = file.Function(name, signature)
	registers, addresses = map[reg.ID]neon.Reg{}, map[address]neon.Reg{}
	pool = function.GP()
	function.TableAddress(pool, poolName)
}

// Pragma adds a directive to the declaration. That for NEON always has noescape.
func Pragma(directive string) {
	if file == nil {
		build.Pragma(directive)
	}
}

// Generate writes the file. program is the folder of the generator.
func Generate(program string) {
	if file == nil {
		build.Generate()
		return
	}
	if len(constants) > 0 {
		file.Table(poolName, constants...)
	}
	file.Generate(program)
}

func signature() *gotypes.Signature {
	if file == nil {
		panic("machine: the signature is avo's")
	}
	return function.Signature()
}

// Param returns an argument, ReturnIndex a result.
func Param(name string) gotypes.Component {
	if file == nil {
		return build.Param(name)
	}
	return signature().Params().Lookup(name)
}

func ReturnIndex(i int) gotypes.Component {
	if file == nil {
		return build.ReturnIndex(i)
	}
	return signature().Results().At(i)
}

// Load loads an argument, of 32 bits without a sign.
func Load(src gotypes.Component, dst reg.Register) reg.Register {
	if file == nil {
		return build.Load(src, dst)
	}
	place := function.Place(src)
	if dst.Size() == 4 {
		function.Move(changed(dst), function.LoadArg32(place))
	} else {
		function.Move(changed(dst), function.LoadArg(place))
	}
	return dst
}

func GP64() reg.GPVirtual  { return build.GP64() }
func GP32() reg.GPVirtual  { return build.GP32() }
func XMM() reg.VecVirtual  { return build.XMM() }
func YMM() reg.VecVirtual  { return build.YMM() }
func ZMM() reg.VecVirtual  { return build.ZMM() }
func K() reg.OpmaskVirtual { return build.K() }

// Label places a label.
func Label(name string) {
	if file == nil {
		build.Label(name)
		return
	}
	addresses = map[address]neon.Reg{}
	function.Label(name)
}

// RET ends the function.
func RET() {
	if file == nil {
		build.RET()
		return
	}
	function.Return()
}

// number returns the value of a constant operand.
func number(op operand.Op) (int, bool) {
	switch n := op.(type) {
	case operand.U8:
		return int(n), true
	case operand.U32:
		return int(n), true
	case operand.I32:
		return int(n), true
	}
	return 0, false
}

// value returns a register with the value of a register or of an operand in memory.
func value(op operand.Op) neon.Reg {
	switch op := op.(type) {
	case reg.Register:
		return R(op)
	case operand.Mem:
		if op.Base == reg.FramePointer {
			return function.LoadArg(fmt.Sprintf("%s+%d(FP)", op.Symbol, op.Disp))
		}
		base, disp := At(op)
		r := function.GP()
		function.Load64(r, base, disp)
		return r
	}
	panic(fmt.Sprintf("machine: operand %T", op))
}
