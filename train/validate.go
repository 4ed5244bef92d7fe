package train

import (
	"cmp"
	"context"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// validate evaluates the validation data, and the training rows if Config.TrainingMetrics is set. The last epoch is always validated, also
// one that a callback has stopped.
func (r *run) validate(ctx context.Context, e *Epoch) error {
	if e.Number%r.ValidateEvery != 0 && e.Number != r.Epochs && !r.stopped {
		return nil
	}
	if r.Validation != nil {
		j, err := r.judgement(ctx, r.Validation, "validation")
		if err != nil {
			return err
		}
		e.Validated, e.ValidationLoss, e.ValidationMetric, e.ValidationMetrics = true, j.Loss, j.Metric, j.Metrics
		if e.Outputs != nil {
			e.Outputs.Validation = j.Losses
		}
	}
	if !r.TrainingMetrics {
		return nil
	}
	j, err := r.judgement(ctx, r.data, "training")
	e.Training = &j
	return err
}

// judgement returns the loss and the metrics of some rows.
func (r *run) judgement(ctx context.Context, d Data, rows string) (j callback.Judgement, err error) {
	result, err := r.predictor.Evaluate(ctx, d)
	if err != nil {
		return j, errors.Wrapf(err, "%s rows", rows)
	}
	j.Loss = result.Loss
	for _, part := range result.Parts {
		j.Losses = append(j.Losses, part.Loss)
	}
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

// neverValid returns an error if the validation loss has not been a finite number in any of the first validations, or in the whole run.
func (r *run) neverValid() error {
	if r.Validation == nil { // a run of many short epochs must not look at all of them again after each
		return nil
	}
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
	if n < firstValidations && !(n > 0 && (r.stopped || r.state.Epoch == r.Epochs)) {
		return nil
	}
	return errors.Wrapf(ErrDiverged, "the validation loss has never been a finite number in %d validations; %s", n, callback.DivergedAdvice)
}

// checkMetrics refuses validation data that do not fit the network or its loss, and metrics that are not defined for them.
func (r *run) checkMetrics() error {
	if r.Validation != nil {
		if err := r.checkRows(r.Validation); err != nil {
			return errors.Wrap(err, "validation data")
		}
	}
	if r.TrainingMetrics {
		return errors.Wrap(r.checkRows(r.data), "training data")
	}
	return nil
}

func (r *run) checkRows(d Data) error {
	if err := data.Check(d, r.net.Inputs); err != nil {
		return err
	}
	labels, err := r.labels(d)
	if err != nil {
		return err
	}
	for i, o := range r.net.Outputs {
		one := labels
		if labels.Parts != nil {
			one = labels.Parts[i].Result
		}
		if err := r.checkWeights(one, i, o.Loss); err != nil {
			return err
		}
	}
	for _, m := range append([]metric.Metric{r.Metric}, r.Metrics...) {
		if err := m.Check(labels); err != nil {
			return err
		}
	}
	return nil
}

// checkWeights refuses weights other than 1 for an output whose loss does not use them.
func (r *run) checkWeights(labels *metric.Result, output int, loss graphs.Loss) error {
	k := slices.IndexFunc(labels.Weights, func(w float64) bool { return w != 1 })
	if k < 0 {
		return nil
	}
	m, err := r.firstMachine()
	if err != nil {
		return err
	}
	if !m.Outputs[output].Weighted {
		return predict.Unweighted(loss, k*labels.Rows/len(labels.Weights))
	}
	return nil
}

// labels returns the labels of data as a result without predictions.
func (r *run) labels(d Data) (*metric.Result, error) {
	var all *metric.Result
	for _, o := range r.net.Outputs {
		labels, weights, err := data.Labels(d, o)
		if err != nil {
			return nil, err
		}
		one := &metric.Result{
			Kind: predict.KindOf(o.Loss), Predictions: metric.Predictions{Rows: d.Len(), Outputs: o.Width}, Labels: labels, Weights: weights,
		}
		if all == nil {
			first := *one
			all = &first
		}
		if r.several() {
			all.Parts = append(all.Parts, metric.Part{Name: cmp.Or(o.Name, batch.Y), Weight: 1, Result: one})
		}
	}
	return all, nil
}

// several reports whether the outputs of the network have names.
func (r *run) several() bool { return r.net.Config(graphs.Evaluate, 1).Outputs != nil }
