package datasets

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A scaler of one pass, in one piece or in merged ones, is that of all rows in memory up to rounding, also far from 0, for constant columns
// and for values that are no numbers. Rows are scaled as tables are.
func TestOnePass(t *testing.T) {
	const rows, cols = 1000, 6
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, rows*cols)
	for i := range rows {
		row := x[i*cols:][:cols]
		for c := range row {
			row[c] = float32([]float64{r.NormFloat64(), 1e6 + r.NormFloat64(), 0.1, 0, math.Abs(r.NormFloat64()), float64(i) / 7}[c])
		}
		if i%9 == 0 {
			row[4] = float32(math.NaN())
		}
	}
	f, err := NewDense(rows, cols, x)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	for _, cuts := range [][]int{{0, rows}, {0, 1, 1, 400, rows}, {0, 0, 999, rows}} {
		m := moments1(t, cols)
		for k := range cuts[1:] {
			part := moments1(t, cols)
			for i := cuts[k]; i < cuts[k+1]; i++ {
				if err := part.Add(x[i*cols:][:cols]); err != nil {
					t.Fatal(err)
				}
			}
			if err := m.Merge(part); err != nil {
				t.Fatal(err)
			}
		}
		for _, scaling := range []Scaling{Standardize, StandardizeTanh, Deviation, DeviationTanh, MaxAbs} {
			want, err := FitScaler(scaling, 0.001, f, all)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Scaler(scaling, 0.001)
			if err != nil {
				t.Fatal(err)
			}
			for c := range cols {
				g, w := got.stages[0], want.stages[0]
				if math.Abs(g.Mean[c]-w.Mean[c]) > 1e-12*max(1, math.Abs(w.Mean[c])) || math.Abs(g.SD[c]-w.SD[c]) > 1e-9*w.SD[c] {
					t.Errorf("%s, column %d: mean %v and deviation %v, want %v and %v", scaling, c, g.Mean[c], g.SD[c], w.Mean[c], w.SD[c])
				}
			}
			scaled, err := want.Apply(f)
			if err != nil {
				t.Fatal(err)
			}
			row := slices.Clone(x[5*cols:][:cols])
			if err := want.ScaleRow(row); err != nil || !slices.Equal(row, scaled.(*Dense).Row(5)) {
				t.Errorf("%s: row 5 becomes %v, want %v (%v)", scaling, row, scaled.(*Dense).Row(5), err)
			}
		}
	}
}

func moments1(t *testing.T, cols int) *Moments {
	m, err := NewMoments(cols)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Scalings that one pass cannot compute are errors that say so.
func TestOnePassErrors(t *testing.T) {
	m := moments1(t, 2)
	_, err := m.Scaler(Standardize, 0)
	if err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("no rows: %v", err)
	}
	for _, scaling := range []Scaling{RobustClip, StandardizeTanhStandardize, "other"} {
		if _, err := m.Scaler(scaling, 0); err == nil {
			t.Errorf("%s is fitted in one pass", scaling)
		}
	}
	if m.Add([]float32{1}) == nil || m.Merge(moments1(t, 3)) == nil || m.Merge(nil) == nil || (*Moments)(nil).Add(nil) == nil || m.Rows() != 0 {
		t.Error("moments take rows of another width")
	}
	if _, err := NewMoments(0); err == nil {
		t.Error("moments of no columns")
	}
	if (&Scaler{}).ScaleRow([]float32{1}) == nil {
		t.Error("a scaler that was not fitted scales")
	}
}
