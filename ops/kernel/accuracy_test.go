package kernel

import (
	"math"
	"testing"
)

// exactELU is ELU rounded once, but for the rounding of float64.
func exactELU(x float32) float32 {
	if x > 0 {
		return x
	}
	return float32(math.Expm1(float64(x)))
}

// TestAccuracy: over the whole range of float32 (each 997th bit pattern: not-a-number, infinities, denormal numbers and both
// signs included) the activations are so many units in the last place from the correctly rounded values.
func TestAccuracy(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(w *Workers, dst, x []float32)
		exact func(x float32) float32
		ulps  int64
	}{
		{"SELU", SELU[float32], exactSELU, 2},
		{"ELU", ELU[float32], exactELU, 2},
		{"Sigmoid", Sigmoid[float32], func(x float32) float32 { return float32(logistic(float64(x))) }, 2},
		{"Tanh", Tanh[float32], func(x float32) float32 { return float32(math.Tanh(float64(x))) }, 1},
	} {
		eachVariant(t, c.name, func(t *testing.T) {
			worst, at := worstError(c.f, c.exact)
			t.Logf("at most %d units in the last place, at %g", worst, at)
			if worst > c.ulps {
				t.Errorf("%s(%g) is %d units in the last place from the exact value, want at most %d", c.name, at, worst, c.ulps)
			}
		})
	}
}

// worstError returns how many units in the last place f is from exact at most, and where.
func worstError(f func(w *Workers, dst, x []float32), exact func(x float32) float32) (worst int64, at float32) {
	var x, y [4096]float32
	for bits := uint64(0); bits < 1<<32; {
		n := 0
		for ; n < len(x) && bits < 1<<32; n++ {
			x[n] = math.Float32frombits(uint32(bits))
			bits += 997
		}
		f(nil, y[:n], x[:n])
		for i, v := range x[:n] {
			if d := ulps(y[i], exact(v)); d > worst {
				worst, at = d, v
			}
		}
	}
	return worst, at
}

// TestSaturation: the activations saturate without overflow, keep the sign of zero, and NaN stays NaN, at all places of a
// vector and in the tail behind it.
func TestSaturation(t *testing.T) {
	inf, nan, minus := float32(math.Inf(1)), float32(math.NaN()), float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name string
		f    func(w *Workers, dst, x []float32)
		x, y []float32
	}{
		{"Sigmoid", Sigmoid[float32], []float32{0, minus, 1e4, -1e4, inf, -inf, math.MaxFloat32, -math.MaxFloat32, -103, nan, -nan},
			[]float32{0.5, 0.5, 1, 0, 1, 0, 1, 0, 1.4e-45, nan, nan}},
		{"Tanh", Tanh[float32], []float32{0, minus, 1e4, -1e4, inf, -inf, math.MaxFloat32, -math.MaxFloat32, 1e-40, -1e-40, nan, -nan},
			[]float32{0, minus, 1, -1, 1, -1, 1, -1, 1e-40, -1e-40, nan, nan}},
		{"ELU", ELU[float32], []float32{0, 1e4, -1e4, inf, -inf, math.MaxFloat32, -math.MaxFloat32, 1e-40, -1e-40, nan, -nan},
			[]float32{0, 1e4, -1, inf, -1, math.MaxFloat32, -1, 1e-40, -1e-40, nan, nan}},
	} {
		eachVariant(t, c.name, func(t *testing.T) {
			for i, v := range c.x {
				for n := range 40 {
					x, y := make([]float32, n+1), make([]float32, n+1)
					x[n] = v
					c.f(nil, y, x)
					if got, want := y[n], c.y[i]; ulps(got, want) > 0 || math.Signbit(float64(got)) != math.Signbit(float64(want)) && want == want {
						t.Errorf("%s(%g) at place %d is %g, want %g", c.name, v, n, got, want)
					}
				}
			}
		})
	}
}

// TestSlopes: gradients from the outputs of saturated and of ordinary activations.
func TestSlopes(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name    string
		f       func(w *Workers, dst, g, y []float32)
		y, want float32
	}{
		{"SigmoidGrad", SigmoidGrad[float32], 0.25, 2 * 0.1875}, {"SigmoidGrad", SigmoidGrad[float32], 1, 0},
		{"SigmoidGrad", SigmoidGrad[float32], 0, 0}, {"SigmoidGrad", SigmoidGrad[float32], nan, nan},
		{"TanhGrad", TanhGrad[float32], -0.5, 1.5}, {"TanhGrad", TanhGrad[float32], 1, 0}, {"TanhGrad", TanhGrad[float32], -1, 0},
		{"TanhGrad", TanhGrad[float32], 0, 2}, {"TanhGrad", TanhGrad[float32], nan, nan},
		{"ELUGrad", ELUGrad[float32], 3, 2}, {"ELUGrad", ELUGrad[float32], 0, 2}, {"ELUGrad", ELUGrad[float32], -0.75, 0.5},
		{"ELUGrad", ELUGrad[float32], -1, 0}, {"ELUGrad", ELUGrad[float32], nan, nan},
	} {
		eachVariant(t, c.name, func(t *testing.T) {
			dst := make([]float32, 1)
			if c.f(nil, dst, []float32{2}, []float32{c.y}); ulps(dst[0], c.want) > 0 {
				t.Errorf("%s at y = %g times 2 is %g, want %g", c.name, c.y, dst[0], c.want)
			}
		})
	}
}
