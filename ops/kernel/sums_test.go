package kernel

import (
	"math"
	"testing"
)

// TestSumsOfManyRows: the error of a long sum does not grow as that of a running sum does.
func TestSumsOfManyRows(t *testing.T) {
	const rows, cols = 1 << 16, 3
	x := make([]float32, rows*cols)
	for i := range x {
		x[i] = 0.1
	}
	eachVariant(t, "sums", func(t *testing.T) {
		var sums, mean, variance [cols]float32
		running := float32(0)
		for range rows {
			running += x[0]
		}
		ColumnSums(nil, sums[:], x, cols)
		ColumnMoments(nil, mean[:], variance[:], x, cols)
		for j := range cols {
			want := rows * float64(x[0])
			if got := float64(sums[j]); math.Abs(got-want) > math.Abs(float64(running)-want)/10 {
				t.Errorf("column %d has the sum %v, want %v, and a running sum is %v", j, got, want, running)
			}
			if math.Abs(float64(mean[j])-0.1) > 1e-6 || variance[j] > 1e-11 {
				t.Errorf("column %d has mean %v and variance %v", j, mean[j], variance[j])
			}
		}
	})
}

// TestNormalizeMoments: normalized columns have mean 0 and variance 1.
func TestNormalizeMoments(t *testing.T) {
	const rows, cols = 500, 37
	eachVariant(t, "moments", func(t *testing.T) {
		o := newOperands[float32](rows, cols, false)
		for i := range o.x {
			o.x[i] = 3*o.x[i] + float32(i%cols)
		}
		one, zero := make([]float32, cols), make([]float32, cols)
		for j := range one {
			one[j] = 1
		}
		ColumnMoments(nil, o.s, o.t, o.x, cols)
		InverseStd(o.t, o.t, 1e-12)
		Normalize(nil, o.a, o.x, o.s, o.t, one, zero)
		ColumnMoments(nil, o.s, o.t, o.a, cols)
		for j := range cols {
			if math.Abs(float64(o.s[j])) > 1e-5 || math.Abs(float64(o.t[j])-1) > 1e-5 {
				t.Errorf("column %d: mean %v, variance %v", j, o.s[j], o.t[j])
			}
		}
	})
}

// TestSGDFirst: the first velocity is the gradient, whatever the slice held.
func TestSGDFirst(t *testing.T) {
	eachVariant(t, "first", func(t *testing.T) {
		p, g, v := []float32{1, 2}, []float32{3, 4}, []float32{float32(math.NaN()), 7}
		SGDStep(SGD{Rate: 0.5, Momentum: 0.9, First: true}, nil, p, g, v)
		if p[0] != -0.5 || p[1] != 0 || v[0] != 3 || v[1] != 4 {
			t.Errorf("parameters %v, velocities %v", p, v)
		}
	})
}
