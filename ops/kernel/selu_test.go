package kernel

import (
	"math"
	"testing"
)

// ulps returns how many float32 numbers got is from want, 0 if both are not a number.
func ulps(got, want float32) int64 {
	if got != got || want != want {
		if got != got && want != want {
			return 0
		}
		return math.MaxInt64
	}
	line := func(x float32) int64 { // the numbers in order, -0 and 0 being one
		if b := math.Float32bits(x); b>>31 == 1 {
			return -int64(b &^ (1 << 31))
		} else {
			return int64(b)
		}
	}
	d := line(got) - line(want)
	return max(d, -d)
}

// exactSELU is SELU rounded once, but for the rounding of float64.
func exactSELU(x float32) float32 {
	if x > 0 {
		return float32(Lambda * float64(x))
	}
	return float32(Lambda * Alpha * math.Expm1(float64(x)))
}

func TestSELUEdges(t *testing.T) {
	inf, nan, tiny := float32(math.Inf(1)), float32(math.NaN()), float32(math.SmallestNonzeroFloat32)
	saturated := float32(-Lambda * Alpha)
	eachVariant(t, "edges", func(t *testing.T) {
		for _, c := range []struct{ x, want float32 }{
			{0, 0}, {float32(math.Copysign(0, -1)), 0},
			{tiny, tiny}, {-tiny, -2 * tiny}, // 1.05 and 1.76 units, rounded
			{1e-40, exactSELU(1e-40)}, {-1e-40, exactSELU(-1e-40)},
			{1, Lambda}, {-1, exactSELU(-1)}, {1e4, Lambda * 1e4}, {-1e4, saturated},
			{inf, inf}, {-inf, saturated}, {math.MaxFloat32, inf}, {-math.MaxFloat32, saturated}, {nan, nan}, {-nan, nan},
		} {
			// All places of a vector, and the tail behind it.
			for n := range 40 {
				x, y := make([]float32, n+1), make([]float32, n+1)
				x[n] = c.x
				if SELU(nil, y, x); ulps(y[n], c.want) > 1 {
					t.Errorf("SELU(%g) at place %d is %g, want %g", c.x, n, y[n], c.want)
				}
			}
		}
	})
}

// TestSELUGrad: the slope is λ for y > 0, y + λ α for y <= 0, and NaN for NaN.
func TestSELUGrad(t *testing.T) {
	nan := float32(math.NaN())
	eachVariant(t, "slopes", func(t *testing.T) {
		for _, c := range []struct{ y, want float32 }{
			{1, 2 * Lambda}, {1e4, 2 * Lambda}, {0, 2 * Lambda * Alpha}, {-1, 2 * (Lambda*Alpha - 1)}, {-Lambda * Alpha, 0}, {nan, nan},
		} {
			dst := make([]float32, 1)
			if SELUGrad(nil, dst, []float32{2}, []float32{c.y}); ulps(dst[0], c.want) > 1 {
				t.Errorf("slope at y = %g times 2 is %g, want %g", c.y, dst[0], c.want)
			}
		}
	})
}

func TestReLUEdges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	eachVariant(t, "edges", func(t *testing.T) {
		for _, c := range []struct{ x, y, grad float32 }{
			{3, 3, 7}, {1e-45, 1e-45, 7}, {inf, inf, 7}, {0, 0, 0}, {float32(math.Copysign(0, -1)), 0, 0}, {-1e-45, 0, 0}, {-3, 0, 0},
			{-inf, 0, 0}, {nan, nan, nan}, {-nan, nan, nan},
		} {
			y, grad := make([]float32, 1), make([]float32, 1)
			ReLU(nil, y, []float32{c.x})
			ReLUGrad(nil, grad, []float32{7}, y)
			if ulps(y[0], c.y) > 0 || ulps(grad[0], c.grad) > 0 {
				t.Errorf("ReLU(%g) is %g with gradient %g, want %g with %g", c.x, y[0], grad[0], c.y, c.grad)
			}
		}
	})
}
