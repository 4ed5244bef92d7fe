package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/metric"
)

// calibration holds the fit and its effect, as -json writes them.
type calibration struct {
	*graphs.Calibration
	// Rows say which rows the log losses are of.
	Rows          string   `json:"rows"`
	LogLossBefore *float64 `json:"log_loss_before,omitempty"`
	LogLossAfter  *float64 `json:"log_loss_after,omitempty"`

	before *train.Result
}

// coverage is how often sets or intervals hold the truth, as -json writes it. Size is the mean number of classes, or the mean width.
type coverage struct {
	Promised float64  `json:"promised"`
	Rows     string   `json:"rows"`
	Covered  float64  `json:"covered"`
	Size     *float64 `json:"size,omitempty"` // nil if it is infinite: there are too few rows for the promise
}

// calibrated calibrates the networks on the validation rows and returns what was before, nil if there is nothing to calibrate or to calibrate on. It judges on
// the test rows, or else on the validation rows. Networks of folds have no rows that none of them has seen, and their mean needs no calibration as
// a single one does.
func (e *experiment) calibrated(ctx context.Context, fitted *train.FittedEnsemble, test *datasets.Set) (*calibration, error) {
	if !e.calibrate || e.validation == nil || e.encoder.Problem() == csv.Regression {
		return nil, nil
	}
	c := &calibration{Rows: "test"}
	if test == nil {
		c.Rows, test = "validation", e.validation
	}
	var err error
	if c.before, err = fitted.Evaluate(ctx, test, kernel.Shared()); err != nil {
		return nil, err
	}
	if err := fitted.Calibrate(ctx, e.validation, kernel.Shared(), calibrate.Options{Sharpen: e.trainingLoss(e.options).Name != e.loss.Name}); err != nil {
		return nil, err
	}
	c.Calibration = fitted.Ensemble[0].Outputs[0].Calibration
	return c, nil
}

// again judges a network that was trained again on the test rows without calibration. Without a calibration or test rows it does nothing.
func (c *calibration) again(ctx context.Context, fitted *train.FittedEnsemble, test *datasets.Set) (err error) {
	if c == nil || test == nil {
		return nil
	}
	plain := *fitted.Ensemble[0]
	plain.Outputs = slices.Clone(plain.Outputs)
	plain.Outputs[0].Calibration = nil
	c.before, err = train.Ensemble{&plain}.Evaluate(ctx, test, kernel.Shared())
	return err
}

// compare fills in the log losses.
func (c *calibration) compare(after values) {
	before, err := metric.LogLoss.Compute(c.before)
	if err == nil {
		c.LogLossBefore = &before
	}
	if v, ok := after[metric.LogLoss.Name]; ok && err == nil {
		c.LogLossAfter = &v
	}
}

// judgeCoverage keeps the scores of the rows that did not train the networks, and judges the coverage on the test rows.
func (r *report) judgeCoverage(promised float64) (err error) {
	var test *evaluation
	for i, e := range r.evaluations {
		switch e.name {
		case "validation", "out of fold":
			if r.conformal, err = newConformal(r.Problem, e.result); err != nil {
				return err
			}
		case "test":
			test = &r.evaluations[i]
		}
	}
	if promised == 0 || r.conformal == nil || test == nil {
		return nil
	}
	c := &coverage{Promised: promised, Rows: test.name}
	var size float64
	if c.Covered, size, err = r.conformal.covered(r.Problem, test.result, promised); err != nil {
		return err
	}
	if finite(size) {
		c.Size = &size
	}
	if finite(c.Covered) {
		r.Coverage = c
	}
	return nil
}

func finite(x float64) bool { return x-x == 0 }

// printCalibration writes what calibration has changed, and how often sets and intervals hold the truth.
func (r *report) printCalibration(w io.Writer) {
	if c := r.Calibration; c != nil && c.LogLossBefore != nil && c.LogLossAfter != nil {
		how := fmt.Sprintf("temperature %.3f", 1/c.Scale[0])
		if c.Shift != nil {
			how = "a scale and a shift for each target"
		}
		fmt.Fprintf(w, "calibration: %s, fitted on the validation rows; log loss on the %s rows %.4f before, %.4f after\n", how, c.Rows, *c.LogLossBefore, *c.LogLossAfter)
	}
	c := r.Coverage
	if c == nil {
		return
	}
	what, size := "sets of classes", "without bound: too few validation rows for this promise"
	if r.Problem == csv.Regression {
		what = "intervals"
	}
	if c.Size != nil {
		size = fmt.Sprintf("mean size %.4g", *c.Size)
	}
	fmt.Fprintf(w, "coverage: %s hold %.4f of the %s rows' values, promised %g; %s\n", what, c.Covered, c.Rows, c.Promised, size)
}
