package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// predictions replaces a file of predictions, a model and a result many times, in turn by those of two networks.
func predictions(ctx context.Context, dir string) error {
	for i := range 30 {
		if err := replace(ctx, dir, uint64(i%2)); err != nil {
			return err
		}
	}
	return nil
}

// replace writes the files of the network with this seed.
func replace(ctx context.Context, dir string, seed uint64) error {
	set, err := classics.Digits()
	if err != nil {
		return err
	}
	net, err := network(set, seed)
	if err != nil {
		return err
	}
	p, err := train.Ensemble{net}.Predict(ctx, set, kernel.Shared())
	if err != nil {
		return err
	}
	err = output.Write(filepath.Join(dir, "predictions.csv"), func(w io.Writer) error {
		return program.WriteCSV(w, []string{"row", "probabilities"}, p.Rows, func(row int) []string {
			return []string{fmt.Sprint(row), fmt.Sprint(p.Row(row))}
		})
	})
	if err == nil {
		err = net.Save(filepath.Join(dir, "model.safetensors"))
	}
	if err == nil {
		err = program.WriteJSON(filepath.Join(dir, "result.json"), map[string]any{"seed": seed, "probabilities": p.Row(0)})
	}
	return err
}
