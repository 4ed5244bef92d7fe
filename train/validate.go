package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
	"gorgonia.org/tensor"
)

// validate evaluates the validation data, and the training rows if they are asked for.
func (r *run) validate(ctx context.Context, e *Epoch) error {
	if e.Number%r.ValidateEvery != 0 && e.Number != r.Epochs {
		return nil
	}
	if r.Validation != nil {
		j, err := r.judgement(ctx, r.Validation, "validation")
		if err != nil {
			return err
		}
		e.Validated, e.ValidationLoss, e.ValidationMetric, e.ValidationMetrics = true, j.Loss, j.Metric, j.Metrics
	}
	if !r.TrainingMetrics {
		return nil
	}
	j, err := r.judgement(ctx, r.data, "training")
	e.Training = &j
	return err
}

func (r *run) judgement(ctx context.Context, d Data, rows string) (j callback.Judgement, err error) {
	result, err := r.predictor.Evaluate(ctx, d)
	if err != nil {
		return j, errors.Wrapf(err, "%s rows", rows)
	}
	j.Loss = result.Loss
	if j.Metric, err = r.Metric.Compute(result); err != nil {
		return j, errors.Wrapf(err, "%s rows", rows)
	}
	for _, m := range r.Metrics {
		value, err := m.Compute(result)
		if err != nil {
			return j, errors.Wrapf(err, "%s rows", rows)
		}
		j.Metrics = append(j.Metrics, value)
	}
	return j, nil
}

// firstValidations is the number of validations after which a loss that has never been a number ends the run.
const firstValidations = 3

// neverValid returns an error if the validation loss has never been a finite number.
func (r *run) neverValid() error {
	n := 0
	for _, e := range r.state.History.Epochs {
		if !e.Validated {
			continue
		}
		if finiteNumber(e.ValidationLoss) {
			return nil
		}
		n++
	}
	if n < firstValidations && !(n > 0 && r.state.Epoch == r.Epochs) {
		return nil
	}
	return errors.Wrapf(ErrDiverged, "the validation loss has never been a finite number in %d validations; %s", n, callback.DivergedAdvice)
}

// checkMetrics refuses validation data that do not fit the network, and metrics that are not defined for them.
func (r *run) checkMetrics() error {
	check := func(d Data, rows string) error {
		if err := data.Check(d, r.net.Inputs); err != nil {
			return errors.Wrapf(err, "%s data", rows)
		}
		labels, err := r.labels(d)
		if err != nil {
			return errors.Wrapf(err, "%s data", rows)
		}
		for _, m := range append([]metric.Metric{r.Metric}, r.Metrics...) {
			if err := m.Check(labels); err != nil {
				return errors.Wrapf(err, "%s data", rows)
			}
		}
		return nil
	}
	if r.Validation != nil {
		if err := check(r.Validation, "validation"); err != nil {
			return err
		}
	}
	if r.TrainingMetrics {
		return check(r.data, "training")
	}
	return nil
}

// labels returns the labels of data as a result without predictions.
func (r *run) labels(d Data) (*metric.Result, error) {
	loss, outputs, n := r.net.Loss(), r.net.Outputs[0].Width, d.Len()
	if n > maxLabels/outputs {
		return nil, errors.Errorf("%d rows with %d labels do not fit into memory", n, outputs)
	}
	tensorOf := func(width int) *tensor.Dense {
		if width == 0 {
			return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(n))
		}
		return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(n, width))
	}
	labels, weights := outputs, outputs
	if loss.Labels != graphs.PerOutput {
		weights = 0
	}
	if loss.Labels == graphs.ClassIndex {
		labels = 0
	}
	y, w := tensorOf(labels), tensorOf(weights)
	b := &batch.Batch{Rows: n, Outputs: []batch.Labels{{Output: batch.Y, Value: y, Weights: w}}}
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	if err := data.Gather(d, rows, b); err != nil {
		return nil, err
	}
	if err := data.Prepare(rows, b, loss, outputs); err != nil {
		return nil, err
	}
	return &metric.Result{
		Kind: predict.KindOf(loss), Predictions: metric.Predictions{Rows: n, Outputs: outputs}, Labels: y.Float64s(), Weights: w.Float64s(),
	}, nil
}

// maxLabels bounds the labels that are held in memory at once.
const maxLabels = 1 << 33
