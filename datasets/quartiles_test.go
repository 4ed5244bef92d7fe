package datasets

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// plainQuantile is the definition of numpy's quantile.
func plainQuantile(x []float64, q float64) float64 {
	x = slices.Sorted(slices.Values(x))
	place := q * float64(len(x)-1)
	low := int(place)
	return x[low] + (place-float64(low))*(x[min(low+1, len(x)-1)]-x[low])
}

// RobustClip is the smooth clip of (x - median) / range of the quartiles, in dense and sparse tables, and it survives JSON.
func TestRobustClip(t *testing.T) {
	full := randomTable(60, 8, 5)
	fit := []int{1, 2, 3, 5, 8, 13, 21, 34, 55, 40, 41, 42}
	for _, r := range fit {
		full[r][7] = 4 // constant
	}
	want := make(table, len(full))
	for c := range full[0] {
		var x []float64
		for _, r := range fit {
			x = append(x, float64(full[r][c]))
		}
		width := plainQuantile(x, 0.75) - plainQuantile(x, 0.25)
		if width == 0 {
			width = (slices.Max(x) - slices.Min(x)) / 2
		}
		for r := range full {
			z := 0.0
			if width > 0 {
				z = (float64(full[r][c]) - plainQuantile(x, 0.5)) / width
			}
			want[r] = append(want[r], float32(z/math.Sqrt(1+z*z/9)))
		}
	}
	for name, f := range map[string]Features{"dense": full.dense(t), "sparse": full.sparse(t), "view": must[*View](t)(NewView(full.sparse(t), all(60)))} {
		s := must[*Scaler](t)(FitScaler(RobustClip, 0, f, fit))
		sameTable(t, contents(must[Features](t)(s.Apply(f))), want, 1e-6)
		if !s.Constant(7) || s.Constant(0) {
			t.Errorf("%s: constant columns are not found", name)
		}
		var back Scaler
		if err := json.Unmarshal(must[[]byte](t)(json.Marshal(s)), &back); err != nil {
			t.Fatal(err)
		}
		sameTable(t, contents(must[Features](t)(back.Apply(f))), contents(must[Features](t)(s.Apply(f))), 0)
	}
}

// The smooth clip is odd, rises, stays within its limit, and has the slope 1 at 0. Whatever is in a column, the scaled values are numbers.
func TestSmoothClip(t *testing.T) {
	last := math.Inf(-1)
	for _, x := range []float64{-1e300, -1e9, -4, -1, -1e-9, 0, 1e-9, 1, 4, 1e9, 1e300} {
		y := batch.SmoothClip(x)
		if y < last || y != -batch.SmoothClip(-x) || math.Abs(y) > batch.ClipLimit {
			t.Errorf("the clip of %v is %v", x, y)
		}
		last = y
	}
	if y := batch.SmoothClip(1e-6); math.Abs(y-1e-6) > 1e-15 {
		t.Errorf("the clip of 1e-6 is %v", y)
	}
	odd := table{{0, math.MaxFloat32}, {0, 1}, {0, -math.MaxFloat32}, {float32(math.NaN()), 1}, {1e30, 1}}
	s := must[*Scaler](t)(FitScaler(RobustClip, 0, odd.dense(t), all(5)))
	for _, row := range contents(must[Features](t)(s.Apply(odd.dense(t)))) {
		for _, v := range row {
			if v-v != 0 || math.Abs(float64(v)) > batch.ClipLimit {
				t.Errorf("%v is scaled to %v", odd, row)
			}
		}
	}
}
