package callback_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
)

// A feature that is not finite is named with its input.
func TestNaNWatchSeveral(t *testing.T) {
	d := traintest.Houses(40, 1)
	d.Features[0].X.Float32s()[3] = float32(math.Inf(1))
	_, err := train.Fit(t.Context(), traintest.NewBranches(t), d, train.Config{Callbacks: []train.Callback{&callback.NaNWatch{}}, Warn: func(string) {}})
	if err == nil || !strings.Contains(err.Error(), `column 0 ("size") of the input "numbers"`) {
		t.Errorf("error %v", err)
	}
}

// The matrix among the inputs is judged, not the categories; the warning comes once.
func TestAdviceSeveral(t *testing.T) {
	wide := traintest.Houses(200, 1)
	for i, v := range wide.Features[0].X.Float32s() {
		wide.Features[0].X.Float32s()[i] = 10*v + 100
	}
	for _, c := range []struct {
		data train.Named
		want int
	}{{traintest.Houses(200, 1), 0}, {wide, 1}} {
		h, err := train.Fit(t.Context(), traintest.NewBranches(t), c.data, train.Config{Epochs: 2, Batch: 50, Warn: func(string) {}})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, w := range h.Warnings {
			if strings.Contains(w, "inputs are not standardized") {
				n++
			}
		}
		if n != c.want {
			t.Errorf("warnings %q", h.Warnings)
		}
	}
}

// Early stopping and plateaus watch the metric of an output, or the sum of the losses.
func TestEarlyStoppingSeveral(t *testing.T) {
	for _, watched := range []string{"", "loss", "price loss"} {
		net, d := traintest.NewBranches(t), traintest.Houses(60, 1)
		h := traintest.Fit(t, net, d, train.Config{
			Epochs: 5, Batch: 20, Validation: traintest.Houses(30, 2), Metric: metric.RMSE.For("price"), Metrics: []metric.Metric{metric.Loss.For("price")},
			Callbacks: []train.Callback{&callback.EarlyStopping{Metric: watched}, &callback.ReduceOnPlateau{Metric: watched}},
		})
		if h.Best == 0 {
			t.Errorf("%q: no best epoch", watched)
		}
		r, err := train.Evaluate(t.Context(), net, traintest.Houses(30, 2))
		if err != nil {
			t.Fatal(err)
		}
		best := h.Epochs[h.Best-1]
		if rmse, err := metric.RMSE.For("price").Compute(r); err != nil || rmse != best.ValidationMetric {
			t.Errorf("%q: the network has an RMSE of %v, epoch %d had %v (%v)", watched, rmse, h.Best, best.ValidationMetric, err)
		}
		for _, e := range h.Epochs {
			if v := map[string][2]float64{"": {e.ValidationMetric, best.ValidationMetric}, "loss": {e.ValidationLoss, best.ValidationLoss},
				"price loss": {e.ValidationMetrics[0], best.ValidationMetrics[0]}}[watched]; v[0] < v[1] {
				t.Errorf("%q: epoch %d has %v, the best one %v", watched, e.Number, v[0], v[1])
			}
		}
	}
}

// The loss of a run without validation is not judged by output names that it lacks.
func TestOutputLossOfOne(t *testing.T) {
	h := traintest.Fit(t, traintest.New(t), traintest.Spirals(20, 1), train.Config{})
	if training, validation := h.Epochs[0].OutputLoss(0); !math.IsNaN(training) || !math.IsNaN(validation) || h.Outputs != nil {
		t.Errorf("losses %v, %v of outputs %q", training, validation, h.Outputs)
	}
	net := traintest.Network(t, traintest.Small, 2, graphs.CrossEntropy, 1, graphs.OutputName("y"))
	if h := traintest.Fit(t, net, traintest.Spirals(20, 1), train.Config{}); h.Outputs != nil {
		t.Errorf("outputs %q of a network with one", h.Outputs)
	}
}
