package predict_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

func TestKindOf(t *testing.T) {
	own := graphs.Loss{Name: "own", Link: graphs.Custom, Predict: func([]float64) {}}
	for _, test := range []struct {
		loss graphs.Loss
		want metric.Kind
	}{
		{graphs.BCE, metric.Binary}, {graphs.Focal(2, 0.25), metric.Binary}, {graphs.CrossEntropy, metric.Classes}, {graphs.MultiMargin, metric.Classes},
		{graphs.SoftCrossEntropy, metric.Distributions}, {graphs.MSE, metric.Values}, {own, metric.Values},
	} {
		if got := predict.KindOf(test.loss); got != test.want {
			t.Errorf("%v: %v, want %v", test.loss, got, test.want)
		}
	}
}

// Labels that are distributions make a result of that kind, which metrics understand.
func TestDistributions(t *testing.T) {
	rows := traintest.Rows()
	rows.Y = traintest.Matrix(64, 3, func(i, j int) float64 {
		if i%3 == j {
			return 0.8
		}
		return 0.1
	})
	net := traintest.Network(t, traintest.Small, 2, graphs.SoftCrossEntropy, 1)
	h := traintest.Fit(t, net, rows, train.Config{Epochs: 2, Validation: rows, Metric: metric.LogLoss, Metrics: []metric.Metric{metric.Accuracy}})
	r, err := predict.Evaluate(context.Background(), net, rows)
	if err != nil || r.Kind != metric.Distributions {
		t.Fatalf("%+v, error %v", r, err)
	}
	if last := h.Last(); math.Abs(last.ValidationMetric-r.Loss) > 1e-6 || math.Abs(last.ValidationLoss-r.Loss) > 1e-9 {
		t.Errorf("log loss %v, validation loss %v, loss %v", last.ValidationMetric, last.ValidationLoss, r.Loss)
	}
}

// A link of your own turns outputs into predictions; its panic is an error, and the predictor goes on.
func TestOwnLink(t *testing.T) {
	fails := false
	exp := graphs.MSE
	exp.Name, exp.Link = "exp", graphs.Custom
	exp.Predict = func(row []float64) {
		if fails {
			panic("out of range")
		}
		for i := range row {
			row[i] = math.Exp(row[i])
		}
	}
	net := traintest.Network(t, traintest.Small, 2, exp, 1)
	plain := net.Clone()
	plain.Outputs[0].Loss = graphs.MSE
	p, err := predict.New(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	got, err := p.Predict(context.Background(), traintest.Rows())
	if err != nil {
		t.Fatal(err)
	}
	want, err := predict.Predict(context.Background(), plain, traintest.Rows())
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range want.Values {
		if math.Abs(got.Values[i]-math.Exp(v)) > 1e-6 {
			t.Fatalf("prediction %d is %v, want exp(%v)", i, got.Values[i], v)
		}
	}
	fails = true
	if _, err := p.Predict(context.Background(), traintest.Rows()); err == nil || !strings.Contains(err.Error(), "out of range") {
		t.Errorf("error %v", err)
	}
	fails = false
	if _, err := p.Predict(context.Background(), traintest.Rows()); err != nil {
		t.Error(err)
	}
}

// A cancelled context ends a prediction; a predictor that was closed can be used again.
func TestPredictorCancelAndClose(t *testing.T) {
	p, err := predict.New(traintest.New(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Evaluate(ctx, traintest.Rows()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	for range 2 {
		if _, err := p.Evaluate(context.Background(), traintest.Rows()); err != nil || p.Graphs() == 0 {
			t.Errorf("%d graphs, error %v", p.Graphs(), err)
		}
		p.Close()
		if p.Graphs() != 0 {
			t.Errorf("%d graphs after Close", p.Graphs())
		}
	}
}

// Data without labels can be predicted and not evaluated; other columns are refused.
func TestPredictErrors(t *testing.T) {
	bare := train.Matrix{X: traintest.Rows().X}
	net := traintest.New(t)
	if _, err := predict.Predict(context.Background(), net, bare); err != nil {
		t.Error(err)
	}
	if _, err := predict.Evaluate(context.Background(), net, bare); err == nil || !strings.Contains(err.Error(), "no labels") {
		t.Errorf("error %v", err)
	}
	wide := train.Matrix{X: traintest.Matrix(3, 4, func(int, int) float64 { return 1 })}
	if _, err := predict.Predict(context.Background(), net, wide); err == nil || !strings.Contains(err.Error(), "2 columns, the data have 4") {
		t.Errorf("error %v", err)
	}
}
