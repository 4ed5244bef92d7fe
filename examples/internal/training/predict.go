package training

import (
	"context"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// Predict writes predictions to -out, or to w without it. load reads the networks of -model and the rows of -predict, and write writes
// the predictions.
func Predict(ctx context.Context, o *Flags, load func() (train.Ensemble, train.Data, error), write func(w io.Writer, p *train.Predictions) error, w io.Writer) error {
	if err := o.CheckPredict(); err != nil {
		return err
	}
	networks, data, err := load()
	if err != nil {
		return program.MemoryHint(err)
	}
	p, err := networks.Predict(ctx, data, kernel.Shared())
	if err != nil {
		return program.MemoryHint(err)
	}
	return o.WritePredictions(w, func(w io.Writer) error { return write(w, p) })
}

// CheckPredict returns an error if the file -out of a prediction cannot be written or is also an input.
func (o *Flags) CheckPredict() error {
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-predict", o.Predict)
	files.In("-model", o.Model)
	files.Out("-out", o.Out)
	return files.Try()
}

// WritePredictions calls write with the file -out, or with w without it. If write returns an error, the file is as before.
func (o *Flags) WritePredictions(w io.Writer, write func(w io.Writer) error) error {
	if o.Out == "" {
		return write(program.Strict(w))
	}
	return output.Write(o.Out, write)
}
