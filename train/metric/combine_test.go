package metric_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/selfnorm/selfnorm/train/metric"
	"pgregory.net/rapid"
)

// Only results for the same labels have a mean; the values under missing labels do not matter.
func TestMeanResult(t *testing.T) {
	one := func(p, label, weight float64) *metric.Result {
		r := result(metric.Binary, 1, 1, []float64{p}, []float64{label}, []float64{weight})
		r.Loss = p
		return r
	}
	mean, err := metric.MeanResult(one(0.2, 1, 1), one(0.6, 1, 1))
	if err != nil || mean.Values[0] != 0.4 || mean.Loss != 0.4 || mean.Labels[0] != 1 || mean.Kind != metric.Binary {
		t.Errorf("%+v, %v", mean, err)
	}
	if _, err := metric.MeanResult(one(0.2, 1, 0), one(0.6, math.NaN(), 0)); err != nil {
		t.Error(err)
	}
	if _, err := metric.MeanResult(one(0.2, 1, 1), result(metric.Binary, 1, 1, []float64{0}, []float64{1}, nil)); err != nil {
		t.Errorf("no weights and weights of 1: %v", err)
	}
	for name, other := range map[string]*metric.Result{
		"another label": one(0.2, 0, 1), "another weight": one(0.2, 1, 0), "damaged": {Predictions: metric.Predictions{Rows: 2, Outputs: 1}},
		"classes": result(metric.Classes, 1, 1, []float64{1}, []float64{1}, nil), "nil": nil, "missing": one(0.2, math.NaN(), 1),
	} {
		if _, err := metric.MeanResult(one(0.2, 1, 1), other); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := metric.MeanResult(); err == nil {
		t.Error("no results have a mean")
	}
}

// Appending the parts of a result in order restores it, and its loss is the mean over all observed labels.
func TestAppend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		cut := rapid.IntRange(0, r.Rows).Draw(t, "cut")
		var rows []int
		for i := range r.Rows {
			rows = append(rows, i)
		}
		a, b := rowsOf(r, rows[:cut]), rowsOf(r, rows[cut:])
		a.Loss, b.Loss = 1, 2
		if a.TotalWeight() == 0 {
			a.Loss = math.NaN()
		}
		var whole metric.Result
		for _, part := range []*metric.Result{a, b} {
			if err := whole.Append(part); err != nil {
				t.Fatal(err)
			}
		}
		if err := whole.Check(); err != nil || whole.Rows != r.Rows || whole.TotalWeight() != r.TotalWeight() {
			t.Fatalf("%+v (%v)", whole, err)
		}
		eachMetric(t, r, &whole)
		m, n := a.TotalWeight(), b.TotalWeight()
		if want := (m + 2*n) / (m + n); m+n > 0 && math.Abs(whole.Loss-want) > 1e-12 {
			t.Fatalf("loss %v, want %v", whole.Loss, want)
		}
	})
}

// Weights that are nil become explicit beside others, and what does not fit changes nothing.
func TestAppendWeights(t *testing.T) {
	a := result(metric.Classes, 1, 2, []float64{1, 0}, []float64{0}, nil)
	if err := a.Append(result(metric.Classes, 1, 2, []float64{0, 1}, []float64{1}, []float64{3})); err != nil {
		t.Fatal(err)
	}
	want := result(metric.Classes, 2, 2, []float64{1, 0, 0, 1}, []float64{0, 1}, []float64{1, 3})
	if !reflect.DeepEqual(a, want) {
		t.Errorf("%+v, want %+v", a, want)
	}
	for name, other := range map[string]*metric.Result{"kind": result(metric.Binary, 1, 2, []float64{0, 0}, []float64{0, 0}, nil),
		"outputs": result(metric.Classes, 1, 1, []float64{0}, []float64{0}, nil), "nil": nil, "zero": {}} {
		if err := a.Append(other); err == nil || !reflect.DeepEqual(a, want) {
			t.Errorf("%s: error %v, %+v", name, err, a)
		}
	}
}
