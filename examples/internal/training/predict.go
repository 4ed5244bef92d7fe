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
	files := &program.Files{}
	files.In("-predict", o.Predict)
	files.In("-model", o.Model)
	files.Out("-out", o.Out)
	if err := files.Try(); err != nil {
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
	if o.Out == "" {
		return write(w, p)
	}
	return output.Write(o.Out, func(w io.Writer) error { return write(w, p) })
}
