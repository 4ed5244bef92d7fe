package main

import . "github.com/mmcloughlin/avo/operand"

// weightNorm generates weight normalization and its gradients, column by column.
func (t *isa) weightNorm() {
	sums{name: "columnProducts", matrices: []string{"x", "y"}}.generate(t,
		func(x vectors, _ []Mem, _ *mask) vector { return t.mul(x[0], x[1]) }, nil)
	rows{
		name: "weightNorm", matrices: []string{"dst", "v"}, vectors: []string{"norms", "gain"},
		in: []string{"v", "norms", "gain"}, out: "dst",
	}.generate(t, func(vectors) func(vectors) vector {
		return func(x vectors) vector {
			v, norm, gain := x[0], x[1], x[2]
			return t.mul(t.div(gain, norm), v)
		}
	})
	rows{
		name: "weightNormGrad", matrices: []string{"dst", "g", "v"}, vectors: []string{"norms", "gain", "gainGrad"},
		in: []string{"g", "v", "norms", "gain", "gainGrad"}, out: "dst",
	}.generate(t, func(vectors) func(vectors) vector {
		return func(x vectors) vector {
			g, v, norm, gain, gainGrad := x[0], x[1], x[2], x[3], x[4]
			return t.mul(t.div(gain, norm), t.sub(g, t.mul(t.div(gainGrad, norm), v)))
		}
	})
}

// layerNorm generates layer normalization of one row and its gradients. Its sums are float64.
func (t *isa) layerNorm() {
	d := t.doubles()
	d.sum("rowSum", []string{"x"}, nil, func(x, _ vectors) vector { return x[0] })
	d.sum("rowSquares", []string{"x"}, []string{"mean"}, func(x, a vectors) vector {
		centered := d.sub(x[0], a[0])
		return d.mul(centered, centered)
	})
	d.sum("rowDot", []string{"g", "gamma"}, nil, func(x, _ vectors) vector { return d.mul(x[0], x[1]) })
	d.sum("rowCenteredDot", []string{"g", "gamma", "x"}, []string{"mean"}, func(x, a vectors) vector {
		return d.mul(d.mul(x[0], x[1]), d.sub(x[2], a[0]))
	})

	elementwise{
		name: "rowNormalize", slices: []string{"dst", "x", "gamma", "beta"}, arguments: []string{"mean", "inverseStd"},
		in: []string{"x", "gamma", "beta"}, out: []string{"dst"}, unroll: 2,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors {
			return vectors{t.add(t.mul(t.mul(t.sub(x[0], a[0]), a[1]), x[1]), x[2])}
		}
	})
	elementwise{
		name: "rowNormalizeGrad", slices: []string{"dst", "g", "x", "gamma"},
		arguments: []string{"mean", "inverseStd", "meanGrad", "meanDot"},
		in:        []string{"g", "x", "gamma"}, out: []string{"dst"}, unroll: 2,
	}.generate(t, func(a vectors) func(vectors) vectors {
		mean, inverseStd, meanGrad, meanDot := a[0], a[1], a[2], a[3]
		return func(x vectors) vectors {
			normalized := t.mul(t.sub(x[1], mean), inverseStd)
			return vectors{t.mul(inverseStd, t.sub(t.sub(t.mul(x[0], x[2]), meanGrad), t.mul(normalized, meanDot)))}
		}
	})
	elementwise{
		name: "addNormalized", slices: []string{"dst", "g", "x"}, arguments: []string{"mean", "inverseStd"},
		in: []string{"dst", "g", "x"}, out: []string{"dst"}, unroll: 2,
	}.generate(t, func(a vectors) func(vectors) vectors {
		return func(x vectors) vectors {
			return vectors{t.add(x[0], t.mul(x[1], t.mul(t.sub(x[2], a[0]), a[1])))}
		}
	})
}
