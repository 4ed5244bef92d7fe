package tox21

import (
	"github.com/selfnorm/selfnorm/datasets/batch"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// The steps turn raw columns into those of Features, all families side by side.
func TestSteps(t *testing.T) {
	_, r := stand(t, 120, 0)
	f := fit(t, r, upTo(100))
	steps, err := f.Steps()
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 2 || len(steps[0].Mean) != f.Cols() || len(steps[1].SD) != f.Cols() {
		t.Fatalf("%d steps of %d columns, want 2 of %d", len(steps), len(steps[0].Mean), f.Cols())
	}
	want := features(t, f, r)
	left := 0
	for _, family := range f.families {
		plain, err := r.block(family)
		if err != nil {
			t.Fatal(err)
		}
		_, cols := plain.Dims()
		x := values(plain)
		for row := range r.Len() {
			for c := range cols {
				v := apply(steps, left+c, float64(x[r.entry[row]*cols+c]))
				if got := want[row*f.Cols()+left+c]; math.Abs(v-float64(got)) > 1e-6*math.Max(1, math.Abs(v)) {
					t.Fatalf("row %d, %s: %v by steps, want %v", row, f.Names()[left+c], v, got)
				}
			}
		}
		left += cols
	}
	f.families[0].Scaler, err = datasets.FitScaler(datasets.Standardize, 0, first(t, r, f), upTo(10))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Steps(); err == nil {
		t.Error("families with and without tanh give no error")
	}
}

func first(t *testing.T, r *Raw, f *Featurizer) datasets.Features {
	t.Helper()
	plain, err := r.block(f.families[0])
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func apply(steps []batch.Scaling, col int, v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	for _, s := range steps {
		if s.SD[col] == 0 {
			v = 0
		} else {
			v = (v - s.Mean[col]) / s.SD[col]
		}
		if s.Tanh {
			v = math.Tanh(v)
		}
	}
	return v
}
