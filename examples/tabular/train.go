package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// window is the number of epochs over which early stopping averages the validation loss.
const window = 3

// Without -batch an epoch has about stepsOfEpoch steps, of minBatch to maxBatch rows each.
const minBatch, maxBatch, stepsOfEpoch = 8, 256, 16

// trainNetworks trains the networks, prints the results, and writes the files that the flags name.
func trainNetworks(ctx context.Context, o options, w io.Writer) error {
	return training.Train(ctx, &o.Flags, training.Setup{Title: o.title(), Format: format, Outputs: map[string]string{"-trials": o.trials}}, &experiment{options: &o, out: w}, w)
}

// title names the table.
func (o *options) title() string {
	if name := o.builtIn(); name != "" {
		return name
	}
	if o.Data == standardInput {
		return standardInputName
	}
	return filepath.Base(o.Data)
}

// experiment implements training.Experiment for a table.
type experiment struct {
	*options
	*problem
	out        io.Writer
	validation *datasets.Set // nil if there are no validation rows
	found      *found        // by -search; nil without it
}

// Prepare implements training.Experiment.
func (e *experiment) Prepare(ctx context.Context) (*training.Problem, error) {
	var err error
	if e.problem, err = prepare(ctx, *e.options); err != nil {
		return nil, err
	}
	e.Members = e.problem.networks
	if e.validation, err = e.subset(e.problem.validation); err != nil {
		return nil, err
	}
	e.Batch = e.batchOf(len(e.fit))
	return e.trainingProblem()
}

// trainingProblem is the problem for package training.
func (e *experiment) trainingProblem() (*training.Problem, error) {
	options, err := e.onnx()
	if err != nil {
		return nil, err
	}
	return &training.Problem{
		Set: e.set, Loss: e.trainingLoss(e.options), Layer: func() (nn.Layer, error) { return e.layer(e.problem) }, Fit: e.fit, Folds: e.folds, Curves: e.curves(), Notes: e.describe(), Encoder: e.encoder, ONNX: options,
		Source: e.source(e.options),
	}, nil
}

// Configure implements training.Experiment.
func (e *experiment) Configure(_ int, c *train.Config) error {
	if e.folds != nil || e.validation != nil {
		c.Callbacks = append(c.Callbacks, &callback.EarlyStopping{Window: window, Patience: e.patience})
	}
	if e.validation != nil {
		c.Validation = e.validation
	}
	c.Warn = e.warner(e.out)
	e.tune(c)
	return nil
}

// Trained implements training.Experiment.
func (e *experiment) Trained(_ context.Context, net *graphs.Network, h *train.History, _ *train.Result) (string, reports.Result, error) {
	net.Outputs[0].Loss = e.loss
	return summary(h), reports.Result{}, nil
}

// Judge implements training.Experiment: it judges the networks on test, validation and held-out rows.
func (e *experiment) Judge(ctx context.Context, fitted *train.FittedEnsemble, s *training.Summary) (training.Report, error) {
	r := newReport(s, e.problem)
	r.Search = e.found
	if err := e.fitMembers(ctx, fitted, r); err != nil {
		return nil, err
	}
	test, err := e.subset(e.test)
	if err != nil {
		return nil, err
	}
	if r.Calibration, err = e.calibrated(ctx, fitted, test); err != nil {
		return nil, err
	}
	validated := fitted.Ensemble[0].Clone() // what the validation rows judge
	if e.wantsRefit(fitted) {
		if err := e.again(ctx, fitted); err != nil {
			return nil, err
		}
		if err := r.Calibration.again(ctx, fitted, test); err != nil {
			return nil, err
		}
		fmt.Fprintln(e.out, refitNote(len(e.fit)+len(e.problem.validation), fitted.Histories[0].Best))
	}
	if test != nil {
		result, err := evaluateAll(ctx, fitted.Ensemble, r.members, test)
		if err != nil {
			return nil, err
		}
		r.add("test", e.inUnits(result))
	}
	if e.validation != nil {
		judged := append(train.Ensemble{validated}, fitted.Ensemble[1:]...)
		result, err := judged.Evaluate(ctx, e.validation, kernel.Shared())
		if err != nil {
			return nil, err
		}
		r.add("validation", e.inUnits(result))
	}
	if fitted.OutOfFold != nil {
		r.add("out of fold", e.inUnits(fitted.OutOfFold))
	}
	if err := e.find(ctx, fitted, r); err != nil {
		return nil, err
	}
	if len(r.evaluations) > 0 {
		r.add("baseline", e.baseline(r.evaluations[0].result))
	}
	if err := r.compute(); err != nil {
		return nil, err
	}
	if e.Report != "" || e.Watch != "" {
		if r.explained, err = e.explainSome(ctx, fitted.Ensemble, test); err != nil {
			return nil, err
		}
	}
	return r, r.judgeCoverage(e.coverage)
}

// warner returns a function that prints the warnings of the trainings, each kind once.
func (p *problem) warner(w io.Writer) func(warning string) {
	return func(warning string) {
		kind, _, _ := strings.Cut(warning, ":")
		if p.warned[kind] {
			return
		}
		p.warned[kind] = true
		fmt.Fprintln(w, "warning: "+warning)
	}
}

// summary describes a training in one line.
func summary(h *train.History) string {
	last := h.Epochs[len(h.Epochs)-1]
	text := fmt.Sprintf("%d epochs, training loss %.4f", len(h.Epochs), last.Loss)
	if h.Best > 0 {
		text += fmt.Sprintf("; kept epoch %d, validation loss %.4f", h.Best, h.Epochs[h.Best-1].ValidationLoss)
	}
	return text
}

// subset returns the given rows, or nil if there are none.
func (p *problem) subset(rows []int) (*datasets.Set, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	return p.set.Subset(rows)
}

// curves describes the rows of the validation curves.
func (p *problem) curves() string {
	switch {
	case p.folds != nil:
		return "rows held out"
	case p.validation != nil:
		return "validation rows"
	}
	return ""
}

// describe returns sentences about the data.
func (p *problem) describe() []string {
	rows := fmt.Sprintf("Rows: %s to train on", training.Count(len(p.fit)))
	switch {
	case p.folds != nil:
		rows += fmt.Sprintf(", in %d folds", len(p.folds))
	case p.validation != nil:
		rows += fmt.Sprintf(", %s for validation", training.Count(len(p.validation)))
	}
	rows += fmt.Sprintf(", %s for the test; %s features.", training.Count(len(p.test)), training.Count(p.set.Width()))
	return append([]string{"Data: " + p.set.Notes + "."}, append(p.notes, rows)...)
}
