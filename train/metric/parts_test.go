package metric_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train/metric"
)

// parts returns a result of two rows with a regression of weight 2 and a classification.
func parts(shift float64) *metric.Result {
	price := &metric.Result{Predictions: metric.Predictions{Rows: 2, Outputs: 1, Values: []float64{1 + shift, 3}}, Kind: metric.Values, Labels: []float64{0, 3},
		Weights: []float64{1, 1}, Loss: 0.5 + shift}
	kind := &metric.Result{Predictions: metric.Predictions{Rows: 2, Outputs: 2, Values: []float64{.9, .1, .2, .8}}, Kind: metric.Classes, Labels: []float64{0, 0},
		Weights: []float64{1, 0}, Loss: 0.25}
	all := *price
	all.Loss = 2*price.Loss + kind.Loss
	all.Parts = []metric.Part{{Name: "price", Weight: 2, Result: price}, {Name: "kind", Weight: 1, Result: kind}}
	return &all
}

// A metric judges the first output, or the one it is for; the loss is that of all outputs, or of one.
func TestMetricOfOutput(t *testing.T) {
	r := parts(0)
	for _, c := range []struct {
		m    metric.Metric
		name string
		want float64
	}{
		{metric.MSE, "MSE", 0.5}, {metric.MSE.For("price"), "price MSE", 0.5}, {metric.Accuracy.For("kind"), "kind accuracy", 1}, {metric.Loss, "loss", 1.25},
		{metric.Loss.For("kind"), "kind loss", 0.25}, {metric.MSE.For(""), "MSE", 0.5},
	} {
		got, err := c.m.Compute(r)
		if err != nil || got != c.want || c.m.Name != c.name {
			t.Errorf("%s (want %q) is %v, want %v: %v", c.m.Name, c.name, got, c.want, err)
		}
		if err := c.m.Check(r); err != nil {
			t.Error(err)
		}
	}
	mine := metric.Metric{Name: "mine", Func: func(r *metric.Result) (float64, error) { return r.Values[0], nil }}
	if err := mine.For("kind").Check(r); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		m    metric.Metric
		want string
	}{
		{metric.MSE.For("prize"), `no output "prize" among ["price" "kind"]`}, {metric.MSE.For("kind"), "kind MSE is for regression"},
		{metric.Accuracy, "use RMSE"},
	} {
		if _, err := c.m.Compute(r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
		if err := c.m.Check(r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	if r.Output("kind") != r.Parts[1].Result || r.Output("y") != nil {
		t.Error("Output gives another part")
	}
}

// A loss of all outputs is defined if one of them has labels.
func TestLossOfSomeOutputs(t *testing.T) {
	r := parts(0)
	r.Weights, r.Parts[0].Weights = []float64{0, 0}, []float64{0, 0}
	if v, err := metric.Loss.Compute(r); err != nil || v != r.Loss {
		t.Errorf("loss %v, %v", v, err)
	}
	r.Parts[1].Weights = []float64{0, 0}
	if _, err := metric.Loss.Compute(r); err == nil {
		t.Error("a loss without labels")
	}
	if err := metric.Loss.Check(r); err == nil {
		t.Error("a loss without labels passes the check")
	}
}

// The mean and the concatenation of results are those of their outputs, and the loss remains the weighted sum.
func TestCombineParts(t *testing.T) {
	a, b := parts(0), parts(1)
	mean, err := metric.MeanResult(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(mean.Output("price").Values, []float64{1.5, 3}) || mean.Loss != 2.25 || mean.Output("price").Loss != 1 || mean.Output("kind").Loss != 0.25 {
		t.Errorf("mean %+v with %+v", mean, mean.Parts)
	}
	var all metric.Result
	for _, r := range []*metric.Result{a, b} {
		if err := all.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := all.Check(); err != nil {
		t.Error(err)
	}
	if kind := all.Output("kind"); all.Rows != 4 || kind.Rows != 4 || kind.Loss != 0.25 || all.Output("price").Loss != 1 || math.Abs(all.Loss-2.25) > 1e-15 {
		t.Errorf("both %+v with %+v", all, all.Parts)
	}
	if !cmp.Equal(a, parts(0)) || !cmp.Equal(b, parts(1)) {
		t.Error("the results have changed")
	}
	other := parts(0)
	other.Parts[1].Name = "sort"
	if _, err := metric.MeanResult(a, other); err == nil || !strings.Contains(err.Error(), "different outputs") {
		t.Errorf("mean of other outputs: %v", err)
	}
	if err := all.Append(other); err == nil || !strings.Contains(err.Error(), "other outputs") {
		t.Errorf("append other outputs: %v", err)
	}
	named := func(v float64) *metric.Predictions {
		one := &metric.Predictions{Rows: 1, Outputs: 1, Values: []float64{v}}
		return &metric.Predictions{Rows: 1, Outputs: 1, Values: []float64{v}, Named: []metric.NamedPredictions{{Name: "price", Predictions: one}}}
	}
	p, err := metric.MeanPredictions(named(1), named(2))
	if err != nil || p.Output("price").Values[0] != 1.5 || p.Output("y") != nil {
		t.Errorf("mean %+v, %v", p, err)
	}
}
