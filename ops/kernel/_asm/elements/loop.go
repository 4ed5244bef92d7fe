package main

import (
	"strings"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// at returns the operand of one slice at the place of the loop, given the register that holds the slice's address.
type at func(base reg.Register) Mem

// each loops over n elements, unroll vectors at a time, then vector by vector, the last with a mask. It changes n.
// The registers that body uses up are its own, so the copies of body do not wait for each other.
func (t *isa) each(n reg.Register, unroll int, body func(p at, u int, k *mask)) {
	loop, rest, tail, done := t.label("loop"), t.label("rest"), t.label("tail"), t.label("done")
	i := GP64()
	place := func(u int) at {
		return func(base reg.Register) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: 4 * u * t.lanes()} }
	}
	XORQ(i, i)
	step := I32(int32(unroll * t.lanes()))
	SUBQ(step, n)
	JL(LabelRef(rest))
	Label(loop)
	for u := range unroll {
		body(place(u), u, nil)
	}
	ADDQ(step, i)
	SUBQ(step, n)
	JGE(LabelRef(loop))
	Label(rest)
	ADDQ(step, n)
	JLE(LabelRef(done))
	Label(tail)
	body(place(0), 0, t.first(n))
	ADDQ(I32(int32(t.lanes())), i)
	SUBQ(I32(int32(t.lanes())), n)
	JG(LabelRef(tail))
	Label(done)
}

// vector is a register that holds one element of each lane.
type (
	vector  = reg.VecVirtual
	vectors = []vector
)

// elementwise is a function over slices of one length that treats each element alike.
type elementwise struct {
	name      string
	slices    []string // in the order of the parameters
	arguments []string // float32, after the slices
	in, out   []string // the slices that are read and written
	unroll    int
}

// generate makes the function. setup gets the arguments and returns the code for one vector: from those of in to those of out.
func (e elementwise) generate(t *isa, setup func(a vectors) func(x vectors) vectors) {
	signature := "func(" + strings.Join(e.slices, ", ") + " []float32"
	if len(e.arguments) > 0 {
		signature += ", " + strings.Join(e.arguments, ", ") + " float32"
	}
	t.function(e.name, signature+")")
	n := Load(Param(e.slices[0]).Len(), GP64())
	base := map[string]reg.Register{}
	for _, s := range e.slices {
		base[s] = Load(Param(s).Base(), GP64())
	}
	var a vectors
	for _, s := range e.arguments {
		a = append(a, t.singleArgument(s))
	}
	body := setup(a)
	t.each(n, e.unroll, func(p at, _ int, k *mask) {
		var x vectors
		for _, s := range e.in {
			x = append(x, t.load(p(base[s]), k))
		}
		for i, y := range body(x) {
			t.store(y, p(base[e.out[i]]), k)
		}
	})
	t.end()
}

// rows is a function over row-major matrices whose rows lie stride elements apart. It treats each element alike, given
// those of the vectors in the same column.
type rows struct {
	name              string
	matrices, vectors []string // in the order of the parameters
	arguments         []string // float32, after the slices
	in                []string // the matrices and vectors that are read
	out               string   // the matrix that is written
}

// generate makes the function. setup gets the arguments and returns the code for one vector: from the elements of in to that of out.
func (f rows) generate(t *isa, setup func(a vectors) func(x vectors) vector) {
	signature := "func(rows, cols, stride int, " + strings.Join(append(f.matrices, f.vectors...), ", ") + " []float32"
	if len(f.arguments) > 0 {
		signature += ", " + strings.Join(f.arguments, ", ") + " float32"
	}
	t.function(f.name, signature+")")
	rows, stride := Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	SHLQ(U8(2), stride)
	base := map[string]reg.Register{}
	for _, s := range append(f.matrices, f.vectors...) {
		base[s] = Load(Param(s).Base(), GP64())
	}
	var a vectors
	for _, s := range f.arguments {
		a = append(a, t.argument(s))
	}
	code := setup(a)
	TESTQ(rows, rows)
	JLE(LabelRef("end"))
	Label("row")
	t.each(Load(Param("cols"), GP64()), 2, func(p at, _ int, k *mask) {
		var x vectors
		for _, s := range f.in {
			x = append(x, t.load(p(base[s]), k))
		}
		t.store(code(x), p(base[f.out]), k)
	})
	for _, s := range f.matrices {
		ADDQ(stride, base[s])
	}
	DECQ(rows)
	JNZ(LabelRef("row"))
	Label("end")
	t.end()
}

// bases loads the addresses of slices.
func bases(slices ...string) (base []reg.Register) {
	for _, s := range slices {
		base = append(base, Load(Param(s).Base(), GP64()))
	}
	return base
}

// result stores the lowest lane of v as a result.
func result(i int, v vector) {
	if f := NEON(); f != nil {
		f.StoreResult(8, R(v), f.Place(ReturnIndex(i)))
		return
	}
	build.VMOVSD(v, address(ReturnIndex(i)))
}

// sum generates the sum, in float64, of a term over slices of one length, from their elements and the arguments, float64.
func (t *isa) sum(name string, slices, arguments []string, term func(x, a vectors) vector) {
	signature := "func(" + strings.Join(slices, ", ") + " []float32"
	if len(arguments) > 0 {
		signature += ", " + strings.Join(arguments, ", ") + " float64"
	}
	t.function(name, signature+") (sum float64)")
	n, base, zero := Load(Param(slices[0]).Len(), GP64()), bases(slices...), t.zero()
	var a vectors
	for _, s := range arguments {
		a = append(a, t.argument(s))
	}
	sums := vectors{t.zero(), t.zero(), t.zero(), t.zero()}
	t.each(n, len(sums), func(p at, u int, k *mask) {
		var x vectors
		for _, b := range base {
			x = append(x, t.load(p(b), k))
		}
		t.addTo(sums[u], t.orElse(k, term(x, a), zero))
	})
	result(0, t.total(t.add(t.add(sums[0], sums[1]), t.add(sums[2], sums[3]))))
	t.end()
}
