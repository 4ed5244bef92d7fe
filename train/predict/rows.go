package predict

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
)

// Rows appends the predictions for a matrix to dst and returns the result: probabilities of a classifier, values of a regression, row-major. x
// holds the given number of rows, row-major, prepared as the network was trained: scaled, for example. It allocates nothing once the
// predictor is warm and dst has room. The network must have one dense input; of several outputs the result is the first.
func (p *Predictor) Rows(ctx context.Context, dst []float64, x []float32, rows int) ([]float64, error) {
	s, w, err := p.acquire(ctx)
	if err != nil {
		return dst, errors.Wrap(err, "predict")
	}
	defer p.release(s)
	all, err := s.predictRows(ctx, dst, x, rows, w, p.crew)
	return all, errors.Wrap(err, "predict")
}

func (s *slot) predictRows(ctx context.Context, dst []float64, x []float32, rows int, w *kernel.Workers, c *crew) (_ []float64, err error) {
	inputs := s.model.net.Inputs
	if len(inputs) != 1 || inputs[0].Kind != batch.Dense || inputs[0].Shape != nil {
		return dst, errors.New("the network has not one dense input alone; use Predict")
	}
	columns := inputs[0].Width
	if rows < 1 || rows > data.MaxElements || len(x)/rows != columns || len(x)%rows != 0 {
		return dst, errors.Errorf("%d elements for %d rows of %d columns", len(x), rows, columns)
	}
	s.source = source{matrix: x, columns: columns}
	if err := s.predict(ctx, rows, w, c); err != nil {
		return dst, err
	}
	output, out, n := s.model.losses[0].output, s.logits[0], len(dst)
	defer data.Recover("the loss", &err) // its functions may be a user's
	dst = out.float64s(dst)
	if err := output.AllPredictions(w, dst[n:], out.outputs); err != nil {
		return dst[:n], err
	}
	return dst, nil
}
