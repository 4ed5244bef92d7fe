package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// BenchmarkCheckpoint measures a step of 128 rows with Adam, without and with a checkpoint after it, and the size of the file.
func BenchmarkCheckpoint(b *testing.B) {
	data := benchRows()
	for _, units := range []int{64, 256, 1024} {
		model := graphs.SNN{Layers: 8, Units: units, Outputs: 2}
		for _, with := range []string{"without", "with"} {
			b.Run(fmt.Sprintf("8x%d/%s", units, with), func(b *testing.B) {
				dir := b.TempDir()
				c := train.Config{Loss: graphs.CrossEntropy, Batch: data.Len(), Epochs: b.N, Optimizer: &train.Adam{Rate: 1e-5}, Warn: func(string) {}}
				if with == "with" {
					c.Callbacks = []train.Callback{&train.Checkpoint{Dir: dir}}
				}
				if _, err := train.Fit(context.Background(), model, newParams(b, 1), data, c); err != nil {
					b.Fatal(err)
				}
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

// benchRows is one batch of 128 rows of 1024 features and two classes.
func benchRows() train.Matrix {
	const rows, inputs = 128, 1024
	r := rand.New(rand.NewPCG(1, 1))
	x, y := make([]float32, rows*inputs), make([]float32, rows)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return train.Matrix{X: tensor.New(tensor.WithShape(rows, inputs), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(rows), tensor.WithBacking(y))}
}
