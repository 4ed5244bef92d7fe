package report

import (
	"math"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/train/metric"
	"pgregory.net/rapid"
)

// drawTasks draws a result of two tasks with ties and weights, and labels of both kinds.
func drawTasks(t *rapid.T) Result {
	r := &metric.Result{Kind: metric.Binary, Predictions: metric.Predictions{Rows: rapid.IntRange(2, 60).Draw(t, "n"), Outputs: 2}}
	for k := range 2 * r.Rows {
		r.Values = append(r.Values, float64(rapid.IntRange(0, 12).Draw(t, "score"))/12)
		y, w := float64(rapid.IntRange(0, 1).Draw(t, "label")), float64(rapid.IntRange(0, 2).Draw(t, "weight"))
		if k < 4 {
			y, w = float64(k/2), 1
		}
		r.Labels, r.Weights = append(r.Labels, y), append(r.Weights, w)
	}
	return Result{Name: "test", Result: r}
}

// The area of steps under the precision and recall that are drawn is PR-AUC, and recall grows.
func TestPrecisionRecall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawTasks(t)
		m, _, err := r.judged()
		if err != nil {
			t.Fatal(err)
		}
		one, err := m.Task(0)
		if err != nil {
			t.Fatal(err)
		}
		x, y := prPoints(one)
		area := 0.0
		for i := 1; i < len(x); i++ {
			if i > 1 && x[i] <= x[i-1] {
				t.Fatalf("recall goes from %v to %v", x[i-1], x[i])
			}
			area += (x[i] - x[i-1]) * y[i]
		}
		if want, err := metric.PRAUC(one.Values, one.Labels, one.Weights); err != nil || math.Abs(area-want) > 1e-12 {
			t.Fatalf("area %v, PR-AUC %v (%v)", area, want, err)
		}
	})
}

// The calibration error in the table is the mean distance from the diagonal of the points in the chart.
func TestCalibrationChartAndTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawTasks(t)
		v, err := newResultView("result", r, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range v.charts.Charts {
			if c.ID != "result-calibration" {
				continue
			}
			for task := range 2 {
				s := c.Series[task]
				sum, all := 0.0, 0.0
				for i, w := range s.Weight {
					sum, all = sum+float64(w)*math.Abs(float64(s.X[i]-s.Y[i])), all+float64(w)
				}
				inTable, err := strconv.ParseFloat(v.Table.Rows[task][4].Key, 64)
				if s.Key != v.Table.Rows[task][0].Text || err != nil || math.Abs(sum/all-inTable) > 1e-12 {
					t.Fatalf("%s: %v in the chart, %v in the table (%v)", s.Key, sum/all, inTable, err)
				}
			}
			return
		}
		t.Fatal("no chart")
	})
}

// Labels whose predictions are not finite are left out, and the page says how many.
func TestNotFinite(t *testing.T) {
	r := Result{Name: "test", Result: &metric.Result{Kind: metric.Classes, Predictions: metric.Predictions{Rows: 3, Outputs: 2, Values: []float64{.9, .1, math.NaN(), .5, .2, .8}},
		Labels: []float64{0, 1, 1}}}
	v, err := newResultView("result", r, 100)
	if err != nil || v.Note != "1 of 3 labels are left out: their predictions are not finite." {
		t.Errorf("note %q, %v", v.Note, err)
	}
	if got := v.Confusion.Rows[1][2].Text; got != "1" {
		t.Errorf("%s rows of class 1 were found, want 1", got)
	}
	if name, value, _ := headline(r); name != "accuracy" || value != "1.0000" {
		t.Errorf("%s %s", name, value)
	}
	r.Labels[2] = 5
	if _, err := newResultView("result", r, 100); err == nil {
		t.Error("class 5 of 2 was accepted")
	}
}
