package datasets

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Values that are looked up are, to the bit, those that are computed.
func TestScalerTables(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	data := make([]float32, 3*40)
	for i := range data {
		data[i] = float32(r.NormFloat64())
	}
	for row := range 40 {
		data[3*row+1] = 2                  // constant
		data[3*row+2] = float32(row%3) - 1 // of mean 0, so that the sign of a zero shows
	}
	data[3*39+2] = 0
	f := must[*Dense](t)(NewDense(40, 3, data))
	rows := make([]int, 40)
	for i := range rows {
		rows[i] = i
	}
	values := []float32{0, float32(math.Copysign(0, -1)), 1, -1, 2.5, float32(math.NaN()), float32(math.Inf(1))}
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize, RobustClip, Deviation, DeviationTanh, MaxAbs} {
		s := must[*Scaler](t)(FitScaler(scaling, 1e-6, f, rows))
		for c := range 3 {
			for _, v := range values {
				if got, want := s.quick(c, v), s.value(c, v); math.Float32bits(got) != math.Float32bits(want) {
					t.Errorf("%s, column %d: %v becomes %v, want %v", scaling, c, v, got, want)
				}
			}
		}
	}
}
