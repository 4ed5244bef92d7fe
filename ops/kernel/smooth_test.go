package kernel

import (
	"math"
	"testing"
)

// other are the constants of a SELU with the fixed point mean 0, variance 2.
const otherLambda, otherAlpha = 1.06071, 1.97126

// smoothCases are the cases of the activations beyond SELU, ELU and ReLU.
func smoothCases[T Float]() []elementCase[T] {
	type W = *Workers
	type O = *operands[T]
	return []elementCase[T]{
		{"GELU", 8, func(w W, o O) { GELU(w, o.a, o.x) }, 3e-7},
		{"GELUGrad", 12, func(w W, o O) { GELUGrad(w, o.a, o.m, o.x) }, 6e-7},
		{"GELUTanh", 8, func(w W, o O) { GELUTanh(w, o.a, o.x) }, 3e-7},
		{"GELUTanhGrad", 12, func(w W, o O) { GELUTanhGrad(w, o.a, o.m, o.x) }, 1e-6},
		{"SiLU", 8, func(w W, o O) { SiLU(w, o.a, o.x) }, 3e-7},
		{"SiLUGrad", 12, func(w W, o O) { SiLUGrad(w, o.a, o.m, o.x) }, 5e-7},
		{"Mish", 8, func(w W, o O) { Mish(w, o.a, o.x) }, 3e-7},
		{"MishGrad", 12, func(w W, o O) { MishGrad(w, o.a, o.m, o.x) }, 5e-7},
		{"Softplus", 8, func(w W, o O) { Softplus(w, o.a, o.x) }, 3e-7},
		{"SoftplusGrad", 12, func(w W, o O) { SoftplusGrad(w, o.a, o.m, o.x) }, 3e-7},
		{"SELUOf", 8, func(w W, o O) { SELUOf(w, o.a, o.x, otherLambda, otherAlpha) }, 5e-7},
		{"SELUOfGrad", 12, func(w W, o O) { SELUOfGrad(w, o.a, o.x, o.y, otherLambda, otherAlpha) }, 0},
		{"SERLU", 8, func(w W, o O) { SERLU(w, o.a, o.x) }, 3e-7},
		{"SERLUGrad", 12, func(w W, o O) { SERLUGrad(w, o.a, o.m, o.x) }, 6e-7},
		{"TanhGPN", 8, func(w W, o O) { TanhGPN(w, o.a, o.x) }, 2e-7},
		{"TanhGPNGrad", 12, func(w W, o O) { TanhGPNGrad(w, o.a, o.x, o.y) }, 0},
		{"LeakyReLU", 8, func(w W, o O) { LeakyReLU(w, o.a, o.x, 0.01) }, 0},
		{"LeakyReLUGrad", 12, func(w W, o O) { LeakyReLUGrad(w, o.a, o.x, o.y, 0.01) }, 0},
		{"HardTanh", 8, func(w W, o O) { HardTanh(w, o.a, o.x) }, 0},
		{"HardTanhGrad", 12, func(w W, o O) { HardTanhGrad(w, o.a, o.x, o.y) }, 0},
		{"HardSigmoid", 8, func(w W, o O) { HardSigmoid(w, o.a, o.x) }, 0},
		{"HardSigmoidGrad", 12, func(w W, o O) { HardSigmoidGrad(w, o.a, o.x, o.y) }, 0},
		{"HardSwish", 8, func(w W, o O) { HardSwish(w, o.a, o.x) }, 0},
		{"HardSwishGrad", 12, func(w W, o O) { HardSwishGrad(w, o.a, o.x, o.y) }, 0},
		{"PReLU", 8, func(w W, o O) { PReLU(w, o.a, o.x, o.mean) }, 0},
		{"PReLUGrad", 12, func(w W, o O) { PReLUGrad(w, o.a, o.x, o.y, o.mean) }, 0},
		{"PReLUGradSlope", 8, func(w W, o O) { PReLUGradSlope(w, o.s, o.x, o.y) }, 0},
		{"ParametricSELU", 8, func(w W, o O) { ParametricSELU(w, o.a, o.x, o.mean) }, 2e-6},
		{"ParametricSELUGrad", 12, func(w W, o O) { ParametricSELUGrad(w, o.a, o.m, o.x, o.mean) }, 2e-6},
		{"ParametricSELUGradWeight", 8, func(w W, o O) { ParametricSELUGradWeight(w, o.s, o.m, o.x) }, 2e-6},
		{"RMSNorm", 8, func(w W, o O) { RMSNorm(w, o.a, o.u, o.x, o.gamma, 1e-6) }, 5e-7},
		{"RMSNormGrad", 12, func(w W, o O) { RMSNormGrad(w, o.a, o.x, o.y, o.u, o.gamma) }, 5e-7},
		{"RMSNormGradGain", 8, func(w W, o O) { RMSNormGradGain(w, o.s, o.x, o.y, o.u) }, 0},
	}
}

// smoothAccuracy is how far the float32 kernels are from the exact values.
var smoothAccuracy = []struct {
	name  string
	f     func(w *Workers, dst, x []float32)
	exact func(x float64) float64
	ulps  int64   // in units in the last place, if by more than 2^-140, or
	error float64 // relative to x
}{
	{"GELU", GELU[float32], gelu, 0, 3e-7},
	{"GELUTanh", GELUTanh[float32], geluTanh, 0, 3e-7},
	{"SiLU", SiLU[float32], silu, 3, 0},
	{"Mish", Mish[float32], mish, 5, 0},
	{"Softplus", Softplus[float32], softplus, 4, 0},
	{"SERLU", SERLU[float32], exactSERLU, 4, 0},
	{"SELUOf", func(w *Workers, dst, x []float32) { SELUOf(w, dst, x, otherLambda, otherAlpha) }, func(x float64) float64 {
		if x > 0 {
			return float64(float32(otherLambda)) * x
		}
		return otherLambda * otherAlpha * math.Expm1(x)
	}, 2, 0},
}

func exactSERLU(x float64) float64 {
	if x > 0 {
		return float64(float32(SERLULambda)) * x
	}
	return SERLULambda * SERLUAlpha * math.Max(x, -800) * math.Exp(math.Max(x, -800))
}

// TestSmoothAccuracy looks at each 4,999th float32, infinities and not-a-number included.
func TestSmoothAccuracy(t *testing.T) {
	for _, c := range smoothAccuracy {
		eachVariant(t, c.name, func(t *testing.T) {
			units, at := int64(0), float32(0)
			share, where := 0.0, float32(0)
			var x, y [4096]float32
			for bits := uint64(0); bits < 1<<32; {
				n := 0
				for ; n < len(x) && bits < 1<<32; n++ {
					x[n] = math.Float32frombits(uint32(bits))
					bits += 4999
				}
				c.f(nil, y[:n], x[:n])
				for i, v := range x[:n] {
					exact := c.exact(float64(v))
					if d := ulps(y[i], float32(exact)); d > units && !(math.Abs(float64(y[i])-exact) < 0x1p-140) {
						units, at = d, v
					}
					if d := math.Abs(float64(y[i])-exact) / math.Abs(float64(v)); d > share && math.Abs(float64(v)) > 1e-37 && !math.IsInf(float64(v), 0) {
						share, where = d, v
					}
				}
			}
			t.Logf("at most %d units in the last place, at %g; %.1e of x, at %g", units, at, share, where)
			if c.ulps > 0 && units > c.ulps || c.error > 0 && !(share <= c.error) {
				t.Errorf("%d units in the last place, want %d, at %g; %g of x, want %g, at %g", units, c.ulps, at, share, c.error, where)
			}
		})
	}
}

// TestSmoothLimits: infinities give the limits of the activation and of its slope, and NaN stays NaN, in both dtypes, at all places of a vector.
func TestSmoothLimits(t *testing.T) {
	eachVariant(t, "float32", testSmoothLimits[float32])
	testSmoothLimits[float64](t)
}

func testSmoothLimits[T Float](t *testing.T) {
	inf, nan := T(math.Inf(1)), T(math.NaN())
	type W = *Workers
	fixed := func(f func(W, []T, []T, float64), a float64) func(W, []T, []T) {
		return func(w W, dst, x []T) { f(w, dst, x, a) }
	}
	fixedGrad := func(f func(W, []T, []T, []T, float64), a float64) func(W, []T, []T, []T) {
		return func(w W, dst, g, x []T) { f(w, dst, g, x, a) }
	}
	for _, c := range []struct {
		name               string
		f                  func(W, []T, []T)
		grad               func(W, []T, []T, []T)
		below, above       T // at the infinities
		belowMax, slope    T // at -1e4 and of the slope there
		slopeAbove, atZero T
	}{
		{"GELU", GELU[T], GELUGrad[T], 0, inf, 0, 0, 1, 0},
		{"GELUTanh", GELUTanh[T], GELUTanhGrad[T], 0, inf, 0, 0, 1, 0},
		{"SiLU", SiLU[T], SiLUGrad[T], 0, inf, 0, 0, 1, 0},
		{"Mish", Mish[T], MishGrad[T], 0, inf, 0, 0, 1, 0},
		{"Softplus", Softplus[T], SoftplusGrad[T], 0, inf, 0, 0, 1, T(math.Ln2)},
		{"SERLU", SERLU[T], SERLUGrad[T], 0, inf, 0, 0, SERLULambda, 0},
		{"HardTanh", HardTanh[T], HardTanhGrad[T], -1, 1, -1, 0, 0, 0},
		{"HardSigmoid", HardSigmoid[T], HardSigmoidGrad[T], 0, 1, 0, 0, 0, 0.5},
		{"HardSwish", HardSwish[T], HardSwishGrad[T], 0, inf, 0, 0, 1, 0},
		{"LeakyReLU", fixed(LeakyReLU[T], 0.5), fixedGrad(LeakyReLUGrad[T], 0.5), -inf, inf, -5e3, 0.5, 1, 0},
	} {
		for n := range 40 {
			x, y, g := make([]T, n+1), make([]T, n+1), make([]T, n+1)
			at := func(v T) (T, T) {
				x[n], g[n] = v, 1
				c.f(nil, y, x)
				value := y[n]
				c.grad(nil, y, g, x)
				return value, y[n]
			}
			expect := func(v, value, slope T) {
				t.Helper()
				const rounding = 1e-6
				near := func(a, b T) bool { return a == b || math.Abs(float64(a-b)) < rounding || a != a && b != b }
				if a, b := at(v); !near(a, value) || !near(b, slope) {
					t.Errorf("%s(%v) at place %d is %v with slope %v, want %v with %v", c.name, v, n, a, b, value, slope)
				}
			}
			expect(-inf, c.below, c.slope)
			expect(inf, c.above, c.slopeAbove)
			expect(-1e4, c.belowMax, c.slope)
			expect(nan, nan, nan)
			if a, _ := at(0); math.Abs(float64(a-c.atZero)) > 1e-7 {
				t.Errorf("%s(0) is %v, want %v", c.name, a, c.atZero)
			}
		}
	}
}

// TestSELUOf: with the constants of SELU it is SELU, to the bit, in the kernel that takes any constants too.
func TestSELUOf(t *testing.T) {
	eachVariant(t, "float32", testSELUOf[float32])
	testSELUOf[float64](t)
}

func testSELUOf[T Float](t *testing.T) {
	o := newOperands[T](17, 31, true)
	want, got := make([]T, len(o.x)), make([]T, len(o.x))
	same := func(what string) {
		t.Helper()
		for i, v := range want {
			if math.Float64bits(float64(v)) != math.Float64bits(float64(got[i])) && (v == v || got[i] == got[i]) {
				t.Errorf("%s(%v) is %v, want %v", what, o.x[i], got[i], v)
			}
		}
	}
	SELU(nil, want, o.x)
	SELUOf(nil, got, o.x, Lambda, Alpha)
	same("SELUOf")
	runParametric(nil, &seluOfValue, got, o.x, nil, Lambda, Lambda*Alpha)
	same("its kernel")
	SELUGrad(nil, want, o.y, o.x)
	SELUOfGrad(nil, got, o.y, o.x, Lambda, Alpha)
	same("SELUOfGrad")
	runParametric(nil, &seluOfSlope, got, o.y, o.x, Lambda, Lambda*Alpha)
	same("its kernel of the slope")
}
