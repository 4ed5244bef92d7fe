// Command winograd generates the assembly of the transforms of Winograd's convolution, for one instruction set.
package main

import (
	"flag"
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512, avx2 or neon")
	flag.Parse()
	build.ConstraintExpr("!purego")
	t := &target{"AVX512", 64}
	switch *name {
	case "avx2":
		t = &target{"AVX2", 32}
	case "neon":
		t = &target{"NEON", 16}
		UseNEON()
	}
	t.inputs()
	t.outputs()
	t.spread()
	Generate("winograd")
}

// target is an instruction set.
type target struct {
	suffix string
	bytes  int // of a vector
}

// many reports whether there are 32 registers.
func (t *target) many() bool { return t.bytes != 32 }

func (t *target) vec() reg.VecVirtual {
	if t.bytes == 64 {
		return ZMM()
	}
	return YMM() // with NEON, only a name
}

// add and sub return x+y and x-y in a new register. y may be in memory, but for NEON that costs a load for each.
func (t *target) add(x reg.VecVirtual, y Op) reg.VecVirtual {
	z := t.vec()
	if f := NEON(); f != nil {
		f.FAdd(4, R(z), R(x), R(t.inRegister(y)))
		return z
	}
	build.VADDPS(y, x, z)
	return z
}

func (t *target) sub(x reg.VecVirtual, y Op) reg.VecVirtual {
	z := t.vec()
	if f := NEON(); f != nil {
		f.FSub(4, R(z), R(x), R(t.inRegister(y)))
		return z
	}
	build.VSUBPS(y, x, z)
	return z
}

func (t *target) load(m Mem) reg.VecVirtual {
	z := t.vec()
	if f := NEON(); f != nil {
		base, disp := At(m)
		f.Load(16, R(z), base, disp)
		return z
	}
	build.VMOVUPS(m, z)
	return z
}

func (t *target) store(v reg.VecVirtual, m Mem) {
	if f := NEON(); f != nil {
		base, disp := At(m)
		f.Store(16, R(v), base, disp)
		return
	}
	build.VMOVUPS(v, m)
}

func (t *target) zero() reg.VecVirtual {
	z := t.vec()
	if f := NEON(); f != nil {
		f.Zero(R(z))
		return z
	}
	build.VXORPS(z, z, z)
	return z
}

// inRegister loads an operand that is in memory.
func (t *target) inRegister(y Op) reg.VecVirtual {
	if m, ok := y.(Mem); ok {
		return t.load(m)
	}
	return y.(reg.VecVirtual)
}

// square addresses 4 x 4 vectors: rows or points i*4+j.
type square struct {
	first  [4]reg.GPVirtual // by column
	index1 reg.GPVirtual    // distance of rows
	index3 reg.GPVirtual
}

func (s *square) at(i, j int) Mem {
	switch m := (Mem{Base: s.first[j]}); i {
	case 0:
		return m
	case 3:
		return m.Idx(s.index3, 1)
	default:
		return m.Idx(s.index1, uint8(i))
	}
}

// advance moves to the next vector.
func (s *square) advance(n Op) {
	for _, p := range s.first {
		if p != nil {
			ADDQ(n, p)
		}
	}
}

// columns returns n columns that are distance bytes apart, with rows that are step bytes apart.
func columns(base, distance, step reg.GPVirtual, n int) *square {
	s := &square{index1: step, index3: GP64()}
	LEAQ(Mem{Base: step, Index: step, Scale: 2}, s.index3)
	s.first[0] = base
	for j := 1; j < n; j++ {
		s.first[j] = GP64()
		LEAQ(Mem{Base: s.first[j-1], Index: distance, Scale: 1}, s.first[j])
	}
	return s
}

// bytesOf loads a number of elements and returns it in bytes.
func bytesOf(param string) reg.GPVirtual {
	r := GP64()
	Load(Param(param), r)
	SHLQ(U8(2), r)
	return r
}

func pointer(param string) reg.GPVirtual {
	r := GP64()
	Load(Param(param).Base(), r)
	return r
}

// loop generates the loop over the vectors of tiles: body for each, then what is needed at the end of a tile.
func (t *target) loop(depth reg.GPVirtual, body func(), next func()) {
	tiles, left := GP64(), GP64()
	Load(Param("tiles"), tiles)
	Label("tile")
	MOVQ(depth, left)
	Label("vector")
	body()
	SUBQ(I32(t.bytes), left)
	JG(LabelRef("vector"))
	next()
	DECQ(tiles)
	JNZ(LabelRef("tile"))
	if NEON() == nil {
		build.VZEROUPPER()
	}
	RET()
}

// points returns the addresses of the points of a tile: at(i, j) is point 4i+j.
func points(base, plane reg.GPVirtual) *square {
	rows := GP64()
	MOVQ(plane, rows)
	SHLQ(U8(2), rows)
	return columns(base, plane, rows, 4)
}

func (t *target) function(name, signature string) {
	TEXT(name+t.suffix, attr.NOSPLIT, fmt.Sprintf("func(tiles, depth int, %s)", signature))
	Pragma("noescape")
}

// inputs generates B' d B.
func (t *target) inputs() {
	t.function("winogradInputs", "src []float32, row int, dst []float32, plane int")
	depth := bytesOf("depth")
	src := columns(pointer("src"), depth, bytesOf("row"), 4)
	dst := points(pointer("dst"), bytesOf("plane"))
	t.loop(depth, func() {
		// Row i of B' d combines rows a and b of d.
		combine := []struct {
			a, b int
			op   func(x reg.VecVirtual, y Op) reg.VecVirtual
		}{{0, 2, t.sub}, {1, 2, t.add}, {2, 1, t.sub}, {1, 3, t.sub}}
		var d [4][4]reg.VecVirtual
		if t.many() {
			for i := range d {
				for j := range d[i] {
					d[i][j] = t.load(src.at(i, j))
				}
			}
		}
		for i, c := range combine {
			var b [4]reg.VecVirtual
			for j := range b {
				if t.many() {
					b[j] = c.op(d[c.a][j], d[c.b][j])
				} else {
					b[j] = c.op(t.load(src.at(c.a, j)), src.at(c.b, j))
				}
			}
			for j, c := range combine {
				t.store(c.op(b[c.a], b[c.b]), dst.at(i, j))
			}
		}
		src.advance(I32(t.bytes))
		dst.advance(I32(t.bytes))
	}, func() { src.advance(depth) })
}

// outputs generates A' m A plus the bias.
func (t *target) outputs() {
	t.function("winogradOutputs", "src []float32, plane int, dst []float32, row int, bias []float32")
	depth := bytesOf("depth")
	src := points(pointer("src"), bytesOf("plane"))
	dst := columns(pointer("dst"), depth, bytesOf("row"), 2)
	bias := pointer("bias")
	t.loop(depth, func() {
		var y [2][4]reg.VecVirtual // A' m
		for j := range 4 {
			m1, m2 := t.load(src.at(1, j)), t.load(src.at(2, j))
			y[0][j] = t.add(t.add(m1, src.at(0, j)), m2)
			y[1][j] = t.sub(t.sub(m1, m2), src.at(3, j))
		}
		b := t.load(Mem{Base: bias})
		for i := range y {
			a := y[i]
			t.store(t.add(t.add(t.add(a[0], a[1]), a[2]), b), dst.at(i, 0))
			t.store(t.add(t.sub(t.sub(a[1], a[2]), a[3]), b), dst.at(i, 1))
		}
		src.advance(I32(t.bytes))
		dst.advance(I32(t.bytes))
		ADDQ(I32(t.bytes), bias)
	}, func() {
		dst.advance(depth)
		SUBQ(depth, bias)
	})
}

// spread generates A y A'.
func (t *target) spread() {
	t.function("winogradSpread", "src []float32, row int, dst []float32, plane int")
	depth := bytesOf("depth")
	src := columns(pointer("src"), depth, bytesOf("row"), 2)
	dst := points(pointer("dst"), bytesOf("plane"))
	zero := t.zero()
	// expand multiplies a column by A.
	expand := func(x, y reg.VecVirtual) [4]reg.VecVirtual {
		return [4]reg.VecVirtual{x, t.add(x, y), t.sub(x, y), t.sub(zero, y)}
	}
	t.loop(depth, func() {
		left := expand(t.load(src.at(0, 0)), t.load(src.at(1, 0)))
		right := expand(t.load(src.at(0, 1)), t.load(src.at(1, 1)))
		for i := range left {
			for j, v := range expand(left[i], right[i]) {
				t.store(v, dst.at(i, j))
			}
		}
		src.advance(I32(t.bytes))
		dst.advance(I32(t.bytes))
	}, func() { src.advance(depth) })
}
