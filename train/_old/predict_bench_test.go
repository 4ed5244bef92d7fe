package train_test

import (
	"context"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// Prediction of 10,240 rows by 8 hidden layers of 1,024 units.
func BenchmarkPredict(b *testing.B) {
	b.ReportAllocs()
	data := oneBatch(10240, 1024)
	predictor := train.NewPredictor(graphs.SNN{Layers: 8, Units: 1024, Outputs: 12}, newParams(b, 1), graphs.BCE, kernel.Shared())
	if _, err := predictor.Predict(context.Background(), data); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := predictor.Predict(context.Background(), data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10240/b.Elapsed().Seconds(), "rows/s")
}
