package train_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
)

// A calibrated ensemble predicts with one positive scale, in the same order; its log loss on the rows is not higher, its loss is the same; and a saved file
// predicts the same bits.
func TestCalibrate(t *testing.T) {
	data, ctx := traintest.Rows(), context.Background()
	var e train.Ensemble
	for seed := range uint64(2) {
		net := traintest.Network(t, graphs.SNN{Layers: 1, Units: 8, Outputs: 3}, 2, graphs.CrossEntropy, seed)
		for _, p := range net.Params.All() { // too sure
			for i := range p.Value.Float32s() {
				p.Value.Float32s()[i] *= 4
			}
		}
		e = append(e, net)
	}
	evaluate := func(e train.Ensemble) (*train.Result, float64) {
		r, err := e.Evaluate(ctx, data, nil)
		if err != nil {
			t.Fatal(err)
		}
		loss, err := metric.LogLoss.Compute(r)
		if err != nil {
			t.Fatal(err)
		}
		return r, loss
	}
	one, _ := evaluate(e[:1])
	before, first := evaluate(e)
	if err := e.Calibrate(ctx, data, nil, calibrate.Options{}); err != nil {
		t.Fatal(err)
	}
	after, second := evaluate(e)
	if second >= first || after.Loss != before.Loss {
		t.Errorf("log loss %v before, %v after; loss %v and %v", first, second, before.Loss, after.Loss)
	}
	c := e[0].Outputs[0].Calibration
	if c == nil || c.Scale[0] >= 1 || c.Scale[0] != c.Scale[2] || c.Shift != nil {
		t.Fatalf("calibration %+v of networks that are too sure", c)
	}
	calibrated, _ := evaluate(e[:1])
	for i := range one.Rows {
		was, is := one.Row(i), calibrated.Row(i)
		if (was[0] > was[1]) != (is[0] > is[1]) || (was[1] > was[2]) != (is[1] > is[2]) {
			t.Fatalf("row %d: %v before, %v after", i, was, is)
		}
	}
	path := filepath.Join(t.TempDir(), "e")
	if err := graphs.SaveAll(path, e); err != nil {
		t.Fatal(err)
	}
	loaded, err := graphs.LoadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := evaluate(loaded)
	for i, v := range after.Values {
		if again.Values[i] != v {
			t.Fatalf("value %d is %v after loading, %v before", i, again.Values[i], v)
		}
	}
	if err := e.Calibrate(ctx, data, nil, calibrate.Options{}); err != nil || e[0].Outputs[0].Calibration.Scale[0] != c.Scale[0] {
		t.Errorf("calibrated again: %+v, %v", e[0].Outputs[0].Calibration, err)
	}
	if err := (train.Ensemble{nil}).Calibrate(ctx, data, nil, calibrate.Options{}); err == nil {
		t.Error("no error for a member that is nil")
	}
}
