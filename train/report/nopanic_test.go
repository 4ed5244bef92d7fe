package report_test

import (
	"bytes"
	"context"
	"math"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// Callbacks of a recorder that is nil, or in a run that it has not seen begin, give an error.
func TestRecorderNoPanics(t *testing.T) {
	ctx := context.Background()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(r *report.Recorder, s *callback.State) error{
		"start": func(r *report.Recorder, s *callback.State) error { return r.AtStart(ctx, s) },
		"step":  func(r *report.Recorder, s *callback.State) error { return r.AfterStep(ctx, s) },
		"epoch": func(r *report.Recorder, s *callback.State) error { return r.AfterEpoch(ctx, s) },
		"end":   func(r *report.Recorder, s *callback.State) error { return r.AtEnd(ctx, s) },
	} {
		for _, r := range []*report.Recorder{nil, {}} {
			for _, s := range []*callback.State{nil, {}, {History: &callback.History{}}, {History: &callback.History{}, Params: params}} {
				if name == "start" && r != nil && s != nil && s.Params != nil {
					continue
				}
				if err := call(r, s); err == nil {
					t.Errorf("%s of %v and %+v gives no error", name, r, s)
				}
			}
		}
	}
	var none *report.Recorder
	none.AtFailure(nil, nil)
	none.Update(func(*report.Run) { t.Error("there is no run") })
	none.Snapshot()
	r := &report.Recorder{}
	r.AtFailure(&callback.State{}, errors.New("x"))
	r.Update(nil)
	s := &callback.State{History: &callback.History{}, Params: params, Step: math.MaxInt, Steps: math.MaxInt, Epoch: -1}
	for _, call := range []func(context.Context, *callback.State) error{r.AtStart, r.AfterStep, r.AfterEpoch, r.AtEnd} {
		if err := call(ctx, s); err != nil {
			t.Error(err)
		}
	}
	charts(t, render(t, r.Snapshot()))
}

// Whatever a run holds, it is a page or an error.
func TestRunNoPanics(t *testing.T) {
	nan, huge := math.NaN(), math.MaxInt/8
	h := &callback.History{Metric: "m", Metrics: []string{"a", "b"}, Best: huge, ResumedAt: huge}
	h.Epochs = []callback.Epoch{{Number: huge, Step: huge, Seconds: math.Inf(1), Loss: nan, Validated: true, ValidationMetrics: []float64{1}},
		{Number: -1, Step: -huge, Loss: math.MaxFloat64, Training: &callback.Judgement{Loss: -math.MaxFloat64}}, {}}
	h.Moments = []callback.Moments{{}, {Step: -huge, Layers: []callback.LayerMoments{{}, {}}}}
	for name, r := range map[string]report.Run{
		"history":   {History: h, Progress: report.Progress{Step: huge, Steps: math.MaxInt, Epoch: -huge, Epochs: huge, Loss: nan}, Seconds: math.MaxFloat64, Params: huge},
		"negative":  {History: &callback.History{ResumedAt: -huge}, Progress: report.Progress{Step: -huge, Steps: -1}, Seconds: -math.MaxFloat64, Params: -huge},
		"losses":    {Losses: []report.Losses{{}, {First: huge, Last: math.MaxInt, Mean: nan, Min: math.Inf(1), Max: math.Inf(-1)}}},
		"histogram": {Histograms: []report.Histogram{{Low: nan, High: math.Inf(1), Counts: []int{-huge, huge}, Missing: -1}}},
		"no rows":   {Results: []report.Result{{Result: &metric.Result{Kind: metric.Binary, Predictions: metric.Predictions{Outputs: math.MaxInt32}}}}},
	} {
		t.Run(name, func(t *testing.T) { charts(t, render(t, r)) })
	}
	for name, result := range map[string]*metric.Result{
		"nil":         nil,
		"zero":        {},
		"outputs":     {Kind: metric.Classes, Predictions: metric.Predictions{Rows: 1, Outputs: huge, Values: []float64{1}}, Labels: []float64{0}},
		"rows":        {Kind: metric.Binary, Predictions: metric.Predictions{Rows: huge, Outputs: 16, Values: []float64{1}}, Labels: []float64{0}},
		"negative":    {Kind: metric.Binary, Predictions: metric.Predictions{Rows: -1, Outputs: -1, Values: []float64{1}}, Labels: []float64{0}},
		"class":       {Kind: metric.Classes, Predictions: metric.Predictions{Rows: 1, Outputs: 2, Values: []float64{1, 0}}, Labels: []float64{1e300}},
		"weights":     {Kind: metric.Binary, Predictions: metric.Predictions{Rows: 1, Outputs: 1, Values: []float64{1}}, Labels: []float64{0}, Weights: []float64{-1}},
		"no weights":  {Kind: metric.Binary, Predictions: metric.Predictions{Rows: 1, Outputs: 1, Values: []float64{1}}, Labels: []float64{0}, Weights: []float64{}},
		"weights sum": {Kind: metric.Binary, Predictions: metric.Predictions{Rows: 2, Outputs: 1, Values: []float64{1, 0}}, Labels: []float64{0, 1}, Weights: []float64{math.MaxFloat64, math.MaxFloat64}},
	} {
		if err := report.Render(&bytes.Buffer{}, report.Run{Results: []report.Result{{Name: name, Result: result}}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if report.Render(nil, report.Run{}) == nil || report.Write("", report.Run{}) == nil || report.Write(filepath.Join(t.TempDir(), "none", "r.html"), report.Run{}) == nil {
		t.Error("no writer or no file gives no error")
	}
	for _, x := range []*tensor.Dense{nil, {}, tensor.New(tensor.WithBacking([]int{1})), tensor.New(tensor.WithBacking([]float32{1, 2}))} {
		for _, bins := range []int{-1, 0, huge} {
			if h := report.NewHistogram("g", "n", x, bins); h.Name != "n" || len(h.Counts) > 1<<20 {
				t.Errorf("%d bins: %d", bins, len(h.Counts))
			}
		}
	}
}

// A watcher that was not made by Watch serves nothing.
func TestWatcherNoPanics(t *testing.T) {
	if _, err := report.Watch("127.0.0.1:0", nil); err == nil {
		t.Error("no recorder gives no error")
	}
	for _, w := range []*report.Watcher{nil, {}} {
		out := httptest.NewRecorder()
		w.ServeHTTP(out, httptest.NewRequest("GET", "/", nil))
		if out.Code != 503 || w.URL() != "" {
			t.Errorf("status %d", out.Code)
		}
		w.Close()
	}
}
