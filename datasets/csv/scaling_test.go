package csv

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// FitScaled with the smooth clip gives the features that a datasets.Scaler of that kind does, in memory, in a stream and by the steps of Scaling; and it
// survives JSON.
func TestFitScaled(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b,c,y\n")
	for r := range 40 {
		fmt.Fprintf(&b, "%d.25,%d,%g,%d\n", r*r, r%9+1, math.Exp(float64(r)/5), r%2)
	}
	table := read(t, b.String(), Options{Target: "y"})
	var fit []int
	for r := range 30 {
		fit = append(fit, r)
	}
	e := must[*Encoder](t)(table.FitScaled(fit, datasets.RobustClip))
	set := must[*datasets.Set](t)(e.Set(table))
	raw := make([]float32, 0, 120)
	for r := range 40 {
		for c := range 3 {
			raw = append(raw, float32(table.columns[c].number.at(r)))
		}
	}
	f := must[*datasets.Dense](t)(datasets.NewDense(40, 3, raw))
	scaler := must[*datasets.Scaler](t)(datasets.FitScaler(datasets.RobustClip, 0, f, fit))
	want := must[datasets.Features](t)(scaler.Apply(f)).(*datasets.Dense)
	var back Encoder
	if err := json.Unmarshal(must[[]byte](t)(json.Marshal(e)), &back); err != nil {
		t.Fatal(err)
	}
	again := values(must[*datasets.Set](t)(back.Set(table)))
	for r, row := range values(set) {
		for c, v := range row {
			if r < 30 && math.Abs(float64(v-want.Row(r)[c])) > 1e-5 || math.Abs(float64(v)) > 3 || again[r][c] != v {
				t.Errorf("row %d, column %d: %v, want %v", r, c, v, want.Row(r)[c])
			}
		}
	}
	for c, clip := range e.Scaling().Clip {
		if !clip {
			t.Errorf("column %d is not clipped", c)
		}
	}
	plain := must[*Encoder](t)(table.FitScaled(fit, datasets.Standardize))
	if d := must[*Encoder](t)(table.Fit(fit)); string(must[[]byte](t)(json.Marshal(plain))) != string(must[[]byte](t)(json.Marshal(d))) || plain.Scaling().Clip != nil {
		t.Error("the usual scaling is not that of Fit")
	}
	_, err := table.FitScaled(fit, "tanh")
	wantError(t, err, `the scaling "tanh"`)
	_, err = (*Table)(nil).FitScaled(fit, datasets.RobustClip)
	wantError(t, err, "the table is nil")
}
