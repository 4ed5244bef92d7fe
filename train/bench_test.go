package train_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
)

// BenchmarkCheckpoint measures a step of 128 rows with Adam, without and with a checkpoint after it, and the size of the file.
func BenchmarkCheckpoint(b *testing.B) {
	data := oneBatch(128, 1024)
	for _, units := range []int{64, 256, 1024} {
		for _, with := range []string{"without", "with"} {
			b.Run(fmt.Sprintf("8x%d/%s", units, with), func(b *testing.B) {
				dir := b.TempDir()
				c := train.Config{Batch: data.Len(), Epochs: b.N, Optimizer: optim.Adam{Rate: 1e-5}}
				if with == "with" {
					c.Checkpoint = &train.Checkpoint{Dir: dir}
				}
				fit(b, newNetwork(b, graphs.SNN{Layers: 8, Units: units, Outputs: 12}, 1024, graphs.BCE, 1), data, c)
				if with == "with" {
					paths, err := filepath.Glob(filepath.Join(dir, "*"))
					if err != nil || len(paths) == 0 {
						b.Fatal(err)
					}
					info, err := os.Stat(paths[0])
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(info.Size())/1e6, "MB")
				}
			})
		}
	}
}

// Prediction of 10,240 rows by 8 hidden layers of 1,024 units.
func BenchmarkPredict(b *testing.B) {
	b.ReportAllocs()
	data := oneBatch(10240, 1024)
	predictor, err := predict.New(newNetwork(b, graphs.SNN{Layers: 8, Units: 1024, Outputs: 12}, 1024, graphs.BCE, 1), kernel.Shared())
	if err != nil {
		b.Fatal(err)
	}
	defer predictor.Close()
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
