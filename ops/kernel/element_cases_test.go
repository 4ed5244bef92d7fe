package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
)

// operands are the slices of one run of any element kernel: a matrix of len(x) elements with cols columns.
type operands[T Float] struct {
	x, y    []T // any numbers
	p, m    []T // in (0, 1) and weights that may be 0
	class   []T // one per row
	a, b, c []T // outputs, filled with small positive numbers

	mean, std, gamma, beta []T // one per column; those of std and gamma are small positive numbers
	s, t                   []T // outputs, one per column
	u, v                   []T // outputs, one per row

	cols    int
	results []float64 // outputs that are no slices
}

// slices are the outputs and then the sources.
func (o *operands[T]) slices() (out, in []*[]T) {
	return []*[]T{&o.a, &o.b, &o.c, &o.s, &o.t, &o.u, &o.v}, []*[]T{&o.x, &o.y, &o.p, &o.m, &o.class, &o.mean, &o.std, &o.gamma, &o.beta}
}

// fresh returns operands with the same sources and with copies of the outputs.
func (o *operands[T]) fresh() *operands[T] {
	c := *o
	out, _ := c.slices()
	for _, s := range out {
		*s = slices.Clone(*s)
	}
	c.results = nil
	return &c
}

// specials are the numbers that go wrong first.
var specials = []float64{
	math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1e4, -1e4, math.MaxFloat32, -math.MaxFloat32,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-40, -1e-40, 0x1p-126, -0x1p-126, 1e-20, -1e-20, -17.4, -88, -104,
}

// newOperands returns the same numbers for the same sizes, whatever T is. Each tenth element of x and y is special if asked for.
func newOperands[T Float](rows, cols int, special bool) *operands[T] {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(cols)))
	fill := func(n int, f func() float64) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(float32(f()))
		}
		return x
	}
	any := r.NormFloat64
	if special {
		any = func() float64 {
			if r.IntN(10) == 0 {
				return specials[r.IntN(len(specials))]
			}
			return 3 * r.NormFloat64()
		}
	}
	weight := func() float64 { return max(0, r.Float64()-0.2) }
	small := func() float64 { return 0.01 + 0.1*r.Float64() }
	n := rows * cols
	return &operands[T]{
		x: fill(n, any), y: fill(n, any), p: fill(n, r.Float64), m: fill(n, weight),
		class: fill(rows, func() float64 { return float64(r.IntN(max(1, cols))) }),
		a:     fill(n, small), b: fill(n, small), c: fill(n, small),
		mean: fill(cols, r.NormFloat64), std: fill(cols, small), gamma: fill(cols, small), beta: fill(cols, r.NormFloat64),
		s: fill(cols, small), t: fill(cols, small), u: fill(rows, small), v: fill(rows, small), cols: cols,
	}
}

// elementCase is one kernel.
type elementCase[T Float] struct {
	name  string
	bytes int // that one element of the matrix moves, if it is a float32
	run   func(w *Workers, o *operands[T])
	// rounding is how far the variants may differ, relative to numbers larger than 1. 0 means that they agree to the bit.
	rounding float64
}

var testDropping = Dropping{Rate: 0.3, Scale: 1.1, Shift: 0.2, Dropped: -1.5}
var testNoise = Philox{Seed: 1 << 40, Stream: 3, Step: 5 << 33}

// classWeights are enough for every matrix of the tests.
var classWeights = slices.Repeat([]float64{1, 0.5, 0, 2}, 1<<11)

// oddRows are 1, 3, 5, ...
var oddRows = func() (rows []int) {
	for i := range 1 << 12 {
		rows = append(rows, 2*i+1)
	}
	return rows
}()

// everyOther returns every other of n rows.
func everyOther(n int) []int { return oddRows[:n/2] }

// sparseStart and sparseColumns are the memory of sparseOf.
var sparseStart, sparseColumns = make([]int, 1<<13), make([]int, 1<<13)

// sparseOf returns a sparse matrix with as many elements as there are rows of operands, in rows of 0, 0 and 3 elements.
func sparseOf[T Float](o *operands[T]) CSR[T] {
	n := len(o.class)
	for i := range n + 1 {
		sparseStart[i] = min(n, i/3*3)
	}
	sparseStart[n] = n
	for k := range n {
		sparseColumns[k] = (7*k + 3) % n
	}
	return CSR[T]{Start: sparseStart[:n+1], Columns: sparseColumns[:n], Values: o.m[:n]}
}

func elementCases[T Float]() []elementCase[T] {
	norm := new(Norm[T]) // allocates at its first call only
	sums := new(RowSums[T])
	type W = *Workers
	type O = *operands[T]
	return append(smoothCases[T](), []elementCase[T]{
		{"SELU", 8, func(w W, o O) { SELU(w, o.a, o.x) }, 5e-7},
		{"SELUInPlace", 8, func(w W, o O) { SELU(w, o.a, o.a) }, 5e-7},
		{"SELUGrad", 12, func(w W, o O) { SELUGrad(w, o.a, o.x, o.y) }, 0},
		{"ReLU", 8, func(w W, o O) { ReLU(w, o.a, o.x) }, 0},
		{"ReLUGrad", 12, func(w W, o O) { ReLUGrad(w, o.a, o.x, o.y) }, 0},
		{"ELU", 8, func(w W, o O) { ELU(w, o.a, o.x) }, 5e-7},
		{"ELUGrad", 12, func(w W, o O) { ELUGrad(w, o.a, o.x, o.y) }, 0},
		{"Sigmoid", 8, func(w W, o O) { Sigmoid(w, o.a, o.x) }, 1e-7},
		{"SigmoidGrad", 12, func(w W, o O) { SigmoidGrad(w, o.a, o.x, o.y) }, 0},
		{"Tanh", 8, func(w W, o O) { Tanh(w, o.a, o.x) }, 1e-7},
		{"TanhGrad", 12, func(w W, o O) { TanhGrad(w, o.a, o.x, o.y) }, 0},
		{"Add", 12, func(w W, o O) { Add(w, o.a, o.x, o.y) }, 0},
		{"AddInPlace", 12, func(w W, o O) { Add(w, o.a, o.a, o.y) }, 0},
		{"Multiply", 12, func(w W, o O) { Multiply(w, o.a, o.x, o.y) }, 0},
		{"Gate", 16, func(w W, o O) { Gate(w, o.a, o.p, o.x, o.y) }, 0},
		{"GateGradT", 16, func(w W, o O) { GateGradT(w, o.a, o.x, o.y, o.p) }, 0},
		{"GateGradX", 12, func(w W, o O) { GateGradX(w, o.a, o.x, o.p) }, 0},
		{"BiasSELU", 8, func(_ W, o O) { BiasSELU(o.a, o.beta, o.cols, 0, len(o.class), 0, o.cols) }, 5e-7},
		{"BiasReLU", 8, func(_ W, o O) { BiasReLU(o.a, o.beta, o.cols, 0, len(o.class), 0, o.cols) }, 0},
		{"Drop", 8, func(w W, o O) { Drop(w, o.a, o.x, testDropping, testNoise) }, 0},
		{"DropGrad", 8, func(w W, o O) { DropGrad(w, o.a, o.x, testDropping, testNoise) }, 0},
		{"SGD", 12, func(w W, o O) { SGDStep(SGD{Rate: 0.1, L2: 1e-2}, w, o.a, o.x, nil) }, 0},
		{"SGDMomentum", 20, func(w W, o O) { SGDStep(SGD{Rate: 0.1, L2: 1e-2, Momentum: 0.9}, w, o.a, o.x, o.b) }, 0},
		{"SGDFirst", 20, func(w W, o O) { SGDStep(SGD{Rate: 0.1, L2: 1e-2, Momentum: 0.9, First: true}, w, o.a, o.x, o.b) }, 0},
		{"SGDNesterov", 20, func(w W, o O) {
			SGDStep(SGD{Rate: 0.1, L2: 1e-2, Momentum: 0.9, Nesterov: true}, w, o.a, o.x, o.b)
		}, 0},
		{"Adam", 28, func(w W, o O) {
			AdamStep(Adam{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, L2: 1e-2, T: 3}, w, o.a, o.x, o.b, o.c)
		}, 0},
		{"AdamW", 28, func(w W, o O) {
			a := Adam{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, T: 3}
			AdamWStep(AdamW{Adam: a, Decay: 1e-2}, w, o.a, o.x, o.b, o.c)
		}, 0},
		{"RMSProp", 20, func(w W, o O) {
			RMSPropStep(RMSProp{Rate: 0.1, Alpha: 0.99, Eps: 1e-8, L2: 1e-2}, w, o.a, o.x, o.b, nil, nil)
		}, 0},
		{"RMSPropCentered", 28, func(w W, o O) {
			RMSPropStep(RMSProp{Rate: 0.1, Alpha: 0.99, Eps: 1e-8, L2: 1e-2, Centered: true}, w, o.a, o.x, o.b, o.c, nil)
		}, 0},
		{"RMSPropMomentum", 28, func(w W, o O) {
			RMSPropStep(RMSProp{Rate: 0.1, Alpha: 0.99, Eps: 1e-8, Momentum: 0.9}, w, o.a, o.x, o.b, nil, o.c)
		}, 0},
		{"AdaGrad", 20, func(w W, o O) {
			AdaGradStep(AdaGrad{Rate: 0.1, RateDecay: 0.1, Eps: 1e-10, L2: 1e-2, T: 3}, w, o.a, o.x, o.b)
		}, 0},
		{"AdaDelta", 28, func(w W, o O) {
			AdaDeltaStep(AdaDelta{Rate: 0.5, Rho: 0.9, Eps: 1e-6, L2: 1e-2}, w, o.a, o.x, o.b, o.c)
		}, 0},
		{"AdaMax", 28, func(w W, o O) {
			AdaMaxStep(AdaMax{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, L2: 1e-2, T: 3}, w, o.a, o.x, o.b, o.c)
		}, 0},
		{"SGDRows", 12, func(w W, o O) { SGDRows(SGD{Rate: 0.1}, w, o.a, o.x, everyOther(len(o.class)), o.cols) }, 0},
		{"AdamRows", 28, func(w W, o O) {
			a := Adam{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, T: 3}
			AdamRows(a, w, o.a, o.x, o.b, o.c, everyOther(len(o.class)), o.cols)
		}, 0},
		{"AdaGradRows", 20, func(w W, o O) {
			AdaGradRows(AdaGrad{Rate: 0.1, Eps: 1e-10, T: 3}, w, o.a, o.x, o.b, everyOther(len(o.class)), o.cols)
		}, 0},
		{"RowSums", 8, func(w W, o O) {
			sums.A, sums.X, sums.Dst, sums.Width, sums.Bias = sparseOf(o), o.x, o.a, o.cols, o.beta
			sums.Run(w)
		}, 0},
		{"GatherRows", 8, func(w W, o O) { GatherRows(w, o.a, o.x, sparseOf(o).Columns, o.cols) }, 0},
		{"Norm", 4, func(w W, o O) {
			o.results = append(o.results, norm.Squared(w, o.x))
			norm.Scale(w, o.a, 0.3)
		}, 1e-12},
		{"ColumnSums", 4, func(w W, o O) { ColumnSums(w, o.s, o.x, o.cols) }, 0},
		{"ColumnMoments", 8, func(w W, o O) { ColumnMoments(w, o.s, o.t, o.x, o.cols) }, 0},
		{"NormalizedSums", 8, func(w W, o O) { NormalizedSums(w, o.s, o.x, o.y, o.mean, o.std) }, 0},
		{"Normalize", 8, func(w W, o O) { Normalize(w, o.a, o.x, o.mean, o.std, o.gamma, o.beta) }, 0},
		{"BatchNormGrad", 12, func(w W, o O) { BatchNormGrad(w, o.a, o.x, o.y, o.mean, o.std, o.gamma, o.beta, o.mean) }, 0},
		{"ScaleColumns", 8, func(w W, o O) { ScaleColumns(w, o.a, o.x, o.gamma, o.std) }, 0},
		{"ColumnNorms", 8, func(w W, o O) { ColumnNorms(w, o.s, o.x) }, 0},
		{"WeightNorm", 8, func(w W, o O) { WeightNorm(w, o.a, o.x, o.std, o.gamma) }, 0},
		{"WeightNormGradGain", 8, func(w W, o O) { WeightNormGradGain(w, o.s, o.x, o.y, o.std) }, 0},
		{"WeightNormGrad", 12, func(w W, o O) { WeightNormGrad(w, o.a, o.x, o.y, o.std, o.gamma, o.beta) }, 0},
		{"LayerNorm", 12, func(w W, o O) { LayerNorm(w, o.a, o.u, o.v, o.x, o.gamma, o.beta, 1e-5) }, 5e-7},
		{"LayerNormGrad", 16, func(w W, o O) { LayerNormGrad(w, o.a, o.x, o.y, o.u, o.v, o.gamma) }, 5e-7},
		{"LayerNormGradGamma", 8, func(w W, o O) { LayerNormGradGamma(w, o.s, o.x, o.y, o.u, o.v) }, 0},
		{"Blend", 12, func(_ W, o O) { Blend(o.a, o.x, 0.9, 0.1) }, 0},
		{"InverseStd", 8, func(_ W, o O) { InverseStd(o.a, o.p, 1e-5) }, 0},
		{"BCE", 12, func(_ W, o O) {
			loss, total := BCE(o.x, o.p, o.m)
			o.results = append(o.results, loss, total)
		}, 1e-11},
		{"BCEGrad", 16, func(_ W, o O) { BCEGrad(o.a, o.x, o.p, o.m, 0.1) }, 2e-7},
		{"Softmax", 8, func(_ W, o O) { Softmax(o.a, o.x) }, 2e-7},
		{"CrossEntropy", 4, func(_ W, o O) { o.results = append(o.results, CrossEntropy(o.x, o.class, RowWeights[T]{}, o.cols)) }, 1e-11},
		{"CrossEntropyGrad", 8, func(_ W, o O) { CrossEntropyGrad(o.a, o.x, o.class, RowWeights[T]{}, o.cols, 0.1) }, 2e-7},
		{"CrossEntropyRows", 4, func(_ W, o O) {
			w := RowWeights[T]{Rows: o.m[:len(o.class)], Classes: classWeights[:o.cols]}
			o.results = append(o.results, CrossEntropy(o.x, o.class, w, o.cols), w.Total(o.class))
			CrossEntropyGrad(o.a, o.x, o.class, w, o.cols, 0.1)
		}, 2e-7},
		{"SquaredError", 8, func(_ W, o O) { o.results = append(o.results, SquaredError(o.x, o.y)) }, 1e-11},
		{"ScaledDifference", 12, func(_ W, o O) { ScaledDifference(o.a, o.x, o.y, 0.1) }, 0},
	}...)
}
