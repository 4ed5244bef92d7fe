package train

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Calibrate fits a graphs.Calibration on labelled rows that did not train the networks, such as validation rows, and gives it to all
// networks of the ensemble in place of an earlier one: a temperature for an output of classes or of one binary task, Platt scaling for several tasks. Outputs without
// a sigmoid or a softmax, and those whose labels are distributions, remain unchanged. It fits the mean of the networks' probabilities, as Predict
// gives it. workers is as in predict.New.
func (e Ensemble) Calibrate(ctx context.Context, d Data, workers *kernel.Workers, o calibrate.Options) error {
	all, err := e.logits(ctx, d, workers)
	if err != nil {
		return err
	}
	for i, output := range e[0].Outputs {
		data, ok, err := calibrationData(all, i, output)
		if err != nil {
			return errors.Wrap(err, "train: calibrate")
		}
		if !ok {
			continue
		}
		fit := calibrate.Temperature
		if !data.Classes && data.Columns > 1 {
			fit = calibrate.Platt
		}
		s, err := fit(data, o)
		if err != nil {
			return errors.Wrap(err, "train")
		}
		for _, net := range e {
			c := graphs.Calibration{Scale: s.Scale, Shift: s.Shift}
			net.Outputs[i].Calibration = &c
		}
	}
	return nil
}

// logits returns the results of the members on the rows, with the outputs before calibration and link as values.
func (e Ensemble) logits(ctx context.Context, d Data, workers *kernel.Workers) ([]*Result, error) {
	raw := make(Ensemble, len(e))
	for k, net := range e {
		if net == nil {
			return nil, errors.Errorf("train: member %d of %d is nil", k+1, len(e))
		}
		plain := *net
		plain.Outputs = append([]graphs.Output(nil), net.Outputs...)
		for i := range plain.Outputs {
			plain.Outputs[i].Calibration, plain.Outputs[i].Loss.Link = nil, graphs.Identity
		}
		raw[k] = &plain
	}
	var all []*Result
	err := raw.each(workers, func(p *predict.Predictor) error {
		one, err := p.Evaluate(ctx, d)
		all = append(all, one)
		return err
	})
	return all, err
}

// calibrationData returns what a fit needs for output i. ok is false for an output that has no calibration.
func calibrationData(all []*Result, i int, output graphs.Output) (data calibrate.Data, ok bool, err error) {
	link, labels := output.Loss.Link, output.Loss.Labels
	data = calibrate.Data{Columns: output.Width, Classes: labels == graphs.ClassIndex}
	if data.Classes && (link != graphs.Softmax || output.Width < 2) || !data.Classes && (link != graphs.Sigmoid || labels != graphs.PerOutput) {
		return data, false, nil
	}
	for k, r := range all {
		if r.Parts != nil {
			if i >= len(r.Parts) {
				return data, false, errors.Errorf("network %d has %d outputs, the first one has more", k+1, len(r.Parts))
			}
			r = r.Parts[i].Result
		}
		if r.Outputs != output.Width {
			return data, false, errors.Errorf("network %d has an output of %d columns, the first one of %d", k+1, r.Outputs, output.Width)
		}
		data.Logits = append(data.Logits, r.Values)
		data.Labels, data.Weights = r.Labels, r.Weights
	}
	for j, w := range data.Weights { // the labels of weight 0 stand for missing ones
		if w == 0 {
			data.Labels[j] = math.NaN()
		}
	}
	return data, true, nil
}
