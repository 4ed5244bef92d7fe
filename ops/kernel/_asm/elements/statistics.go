package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

// statistics generates what batch normalization and the gradient of a bias need.
func (t *isa) statistics() {
	sums{name: "columnSums", matrices: []string{"x"}}.generate(t,
		func(x vectors, _ []Mem, _ *mask) vector { return x[0] }, nil)
	sums{name: "columnSquares", matrices: []string{"x"}, vectors: []string{"mean"}}.generate(t,
		func(x vectors, at []Mem, k *mask) vector {
			d := t.sub(x[0], t.load(at[0], k))
			return t.mul(d, d)
		}, nil)
	sums{name: "normalizedSums", matrices: []string{"g", "x"}, vectors: []string{"mean", "inverseStd"}}.generate(t,
		func(x vectors, at []Mem, k *mask) vector { return t.mul(x[0], t.sub(x[1], t.load(at[0], k))) },
		func(sum vector, at []Mem, k *mask) vector { return t.mul(sum, t.load(at[1], k)) })

	rows{
		name: "normalize", matrices: []string{"dst", "x"}, vectors: []string{"mean", "inverseStd", "gamma", "beta"},
		in: []string{"x", "mean", "inverseStd", "gamma", "beta"}, out: "dst",
	}.generate(t, func(vectors) func(vectors) vector {
		return func(x vectors) vector {
			mean, inverseStd, gamma, beta := x[1], x[2], x[3], x[4]
			return t.add(t.mul(t.sub(x[0], mean), t.mul(inverseStd, gamma)), beta)
		}
	})
	rows{
		name: "scaleColumns", matrices: []string{"dst", "g"}, vectors: []string{"gamma", "inverseStd"},
		in: []string{"g", "gamma", "inverseStd"}, out: "dst",
	}.generate(t, func(vectors) func(vectors) vector {
		return func(x vectors) vector { return t.mul(x[0], t.mul(x[1], x[2])) }
	})
	rows{
		name: "batchNormGrad", matrices: []string{"dst", "g", "x"}, arguments: []string{"share"},
		vectors: []string{"mean", "inverseStd", "gamma", "gammaGrad", "betaGrad"},
		in:      []string{"g", "x", "mean", "inverseStd", "gamma", "gammaGrad", "betaGrad"}, out: "dst",
	}.generate(t, func(a vectors) func(vectors) vector {
		return func(x vectors) vector {
			g, centered, inverseStd, gamma, share := x[0], t.sub(x[1], x[2]), x[3], x[4], a[0]
			slope, shift := t.mul(t.mul(inverseStd, x[5]), share), t.mul(x[6], share)
			return t.mul(t.mul(gamma, inverseStd), t.sub(t.sub(g, shift), t.mul(centered, slope)))
		}
	})

	elementwise{name: "divide", slices: []string{"x"}, arguments: []string{"divisor"}, in: []string{"x"}, out: []string{"x"}, unroll: 1}.generate(t,
		func(a vectors) func(vectors) vectors {
			return func(x vectors) vectors { return vectors{t.div(x[0], a[0])} }
		})
	elementwise{
		name: "blend", slices: []string{"running", "value"}, arguments: []string{"keep", "momentum"},
		in: []string{"running", "value"}, out: []string{"running"}, unroll: 2,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors { return vectors{t.add(t.mul(a[0], x[0]), t.mul(a[1], x[1]))} }
	})
}

// sums is a function that adds to dst the sums of a value over the rows of matrices whose rows lie stride elements apart.
// It takes strips of columns, from the first row to the last.
type sums struct {
	name              string
	matrices, vectors []string // in the order of the parameters, after dst
}

// generate makes the function. value returns the value from the elements of the matrices and the places of those of the
// vectors; finish, unless nil, changes the sums of the values.
func (f sums) generate(t *isa, value func(x vectors, at []Mem, k *mask) vector, finish func(sum vector, at []Mem, k *mask) vector) {
	const width = 8 // vectors in a strip
	t.function(f.name, "func(rows, cols, stride int, dst, "+strings.Join(append(f.matrices, f.vectors...), ", ")+" []float32)")
	cols, stride := Load(Param("cols"), GP64()), Load(Param("stride"), GP64())
	SHLQ(U8(2), stride)
	dst, vector := Load(Param("dst").Base(), GP64()), bases(f.vectors...)
	place := GP64() // of the strip in a row
	XORQ(place, place)

	strip := func(width int, k *mask) {
		rows, matrix, sum := Load(Param("rows"), GP64()), bases(f.matrices...), vectors{}
		for _, p := range matrix {
			LEAQ(Mem{Base: p, Index: place, Scale: 4}, p)
		}
		at := func(base reg.Register, i int) Mem {
			return Mem{Base: base, Index: place, Scale: 4, Disp: 4 * i * t.lanes()}
		}
		places := func(i int) (m []Mem) {
			for _, base := range vector {
				m = append(m, at(base, i))
			}
			return m
		}
		for range width {
			sum = append(sum, t.zero())
		}
		loop := t.label("row")
		Label(loop)
		for i := range width {
			var x vectors
			for _, p := range matrix {
				x = append(x, t.load(Mem{Base: p, Disp: 4 * i * t.lanes()}, k))
			}
			t.addTo(sum[i], value(x, places(i), k))
		}
		for _, p := range matrix {
			ADDQ(stride, p)
		}
		DECQ(rows)
		JNZ(LabelRef(loop))
		for i, s := range sum {
			if finish != nil {
				s = finish(s, places(i), k)
			}
			t.store(t.add(t.load(at(dst, i), k), s), at(dst, i), k)
		}
		ADDQ(I32(int32(width*t.lanes())), place)
		SUBQ(I32(int32(width*t.lanes())), cols)
	}

	CMPQ(address(Param("rows")), U8(0))
	JLE(LabelRef("done"))
	Label("wide")
	CMPQ(cols, I32(int32(width*t.lanes())))
	JL(LabelRef("narrow"))
	strip(width, nil)
	JMP(LabelRef("wide"))
	Label("narrow")
	TESTQ(cols, cols)
	JLE(LabelRef("done"))
	strip(1, t.first(cols))
	JMP(LabelRef("narrow"))
	Label("done")
	t.end()
}
