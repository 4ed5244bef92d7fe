package rowfile_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/rowfile"
)

// A file of rows is written once, and read as data for training: a part of it for validation, all of it scaled.
func Example() {
	dir, err := os.MkdirTemp("", "rows")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "big.rows")
	err = rowfile.Create(path, rowfile.Description{Width: 2, Tasks: []string{"y"}, ChunkRows: 10}, func(w *rowfile.Writer) error {
		for i := range 1000 {
			x := float32(i % 7)
			if err := w.Add([]float32{x, 2 * x}, []float32{x * x}, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	f, err := rowfile.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	fit, validation, err := f.All().Split(0.1, 1)
	if err != nil {
		log.Fatal(err)
	}
	moments, err := fit.Moments(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	scaler, err := moments.Scaler(datasets.Standardize, 0)
	if err != nil {
		log.Fatal(err)
	}
	if fit, err = fit.Scaled(scaler); err != nil {
		log.Fatal(err)
	}
	fmt.Println(fit.Len(), "rows to train on,", validation.Len(), "for validation") // pass them to train.Fit
	// Output: 900 rows to train on, 100 for validation
}
