package tensorboard_test

import (
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// The losses of each output have curves of their own.
func TestLogSeveral(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	h := traintest.Fit(t, traintest.NewBranches(t), traintest.Houses(60, 1), train.Config{
		Epochs: 3, Batch: 20, Validation: traintest.Houses(20, 2), TrainingMetrics: true, Metric: metric.RMSE.For("price"), Callbacks: []train.Callback{&tensorboard.Log{Dir: dir}},
	})
	shown := curves(readDir(t, dir))
	for i, e := range h.Epochs {
		for tag, want := range map[string]float64{
			"loss/epoch/kind": e.Outputs.Training[0], "loss/epoch/price": e.Outputs.Training[1], "validation/kind loss": e.Outputs.Validation[0],
			"validation/price loss": e.Outputs.Validation[1], "training/price loss": e.Training.Losses[1], "validation/price RMSE": e.ValidationMetric,
		} {
			if got := shown[tag]; len(got) != 3 || got[i] != (point{e.Step, float32(want)}) {
				t.Errorf("%s is %v, want %v in epoch %d", tag, got, want, i+1)
			}
		}
	}
}
