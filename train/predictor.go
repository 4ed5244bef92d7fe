package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// block is the number of rows that are predicted at once.
const block = 1024

// Predictor predicts with a network. It keeps its graphs, so use one for many calls.
// It must not be used by several goroutines at a time, nor while its parameters are being trained.
type Predictor struct {
	model   nn.Layer
	params  *nn.Params
	loss    graphs.Loss
	workers *kernel.Workers
	with    machines // graphs with the loss
	without machines // graphs without
}

// NewPredictor returns a predictor. The loss says how outputs become predictions: by a sigmoid, a softmax or as they are.
// workers is the pool of threads; nil means the caller's thread alone, see kernel.Shared.
func NewPredictor(model nn.Layer, params *nn.Params, loss graphs.Loss, workers *kernel.Workers) *Predictor {
	return &Predictor{model: model, params: params, loss: loss, workers: workers}
}

// Predict predicts with all threads. For repeated calls make a Predictor.
func Predict(ctx context.Context, model nn.Layer, params *nn.Params, data Data, loss graphs.Loss) (*Predictions, error) {
	return NewPredictor(model, params, loss, kernel.Shared()).Predict(ctx, data)
}

// Predict returns the predictions for all rows of the data, which need no labels.
func (p *Predictor) Predict(ctx context.Context, data Data) (*Predictions, error) {
	r, err := p.run(ctx, data, false)
	if err != nil {
		return nil, errors.Wrap(err, "train: predict")
	}
	return &r.Predictions, nil
}

// Evaluate returns the predictions for all rows of the data beside their labels, and the loss.
func (p *Predictor) Evaluate(ctx context.Context, data Data) (*Result, error) {
	r, err := p.run(ctx, data, true)
	return r, errors.Wrap(err, "train: evaluate")
}

func (p *Predictor) run(ctx context.Context, data Data, labelled bool) (*Result, error) {
	if err := checkData(data, p.params); err != nil {
		return nil, err
	}
	ms, loss := &p.without, graphs.Loss{}
	if labelled {
		ms, loss = &p.with, p.loss
	}
	if ms.Model == nil || ms.Inputs != data.Inputs() {
		*ms = machines{Cache: graphs.Cache{Model: p.model, Params: p.params, Inputs: data.Inputs(), Loss: loss, Workers: p.workers}}
	}
	r := &Result{Classes: p.loss.Classes, Predictions: Predictions{Rows: data.Len()}}
	total := 0.0
	for _, span := range batches(data.Len(), block) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		weight, err := p.block(ms, data, r, span[0], span[1])
		if err != nil {
			return nil, errors.Wrapf(err, "rows %d to %d", span[0], span[1]-1)
		}
		total += weight
	}
	if total > 0 {
		r.Loss /= total
	}
	return r, nil
}

// block adds the rows lo ... hi-1 to the result and returns the weight of their loss.
func (p *Predictor) block(ms *machines, data Data, r *Result, lo, hi int) (weight float64, err error) {
	m, err := ms.get(graphs.Evaluate, hi-lo)
	if err != nil {
		return 0, err
	}
	rows := make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	if err := data.Gather(rows, m.x, m.y, m.weights); err != nil {
		return 0, err
	}
	if err := m.run(); err != nil {
		return 0, err
	}
	r.Outputs = m.Output.Shape()[1]
	r.Values = appendFloats(r.Values, m.Output.Value().(*tensor.Dense))
	if p.loss.Link != nil {
		for i := lo; i < hi; i++ {
			p.loss.Link(r.Row(i))
		}
	}
	if m.Cost == nil {
		return 0, nil
	}
	r.Labels = appendFloats(r.Labels, m.y)
	weight = float64(hi - lo)
	if m.weights != nil {
		at := len(r.Weights)
		r.Weights = appendFloats(r.Weights, m.weights)
		weight = 0
		for _, w := range r.Weights[at:] {
			weight += w
		}
	}
	r.Loss += weight * m.cost()
	return weight, nil
}

func appendFloats(dst []float64, t *tensor.Dense) []float64 {
	switch x := t.Data().(type) {
	case []float64:
		return append(dst, x...)
	case []float32:
		for _, v := range x {
			dst = append(dst, float64(v))
		}
	}
	return dst
}
