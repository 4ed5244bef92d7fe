package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	reports "github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// experiment is the data of a run, ready for training.
type experiment struct {
	data       *tox21.Data
	featurizer *tox21.Featurizer
	set        *datasets.Set
	fit, judge []int        // rows to train on and to judge on
	folds      []train.Fold // of the rows to train on, with -ensemble folds
	page       *program.Page
}

// trainAndReport trains the networks, prints the results, and saves what is asked for.
func trainAndReport(ctx context.Context, o options, w io.Writer) error {
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o755); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	if err := o.MakeRoom(nil); err != nil {
		return err
	}
	page, err := o.NewPage("Tox21", w)
	if err != nil {
		return err
	}
	return page.Finish(trainAll(ctx, o, page, w))
}

// trainAll is trainAndReport with a page.
func trainAll(ctx context.Context, o options, page *program.Page, w io.Writer) error {
	begin := time.Now()
	e, err := prepare(ctx, o)
	if err != nil {
		return err
	}
	e.page = page
	on := e.describePage(o)
	if err := e.describe(w, o); err != nil {
		return err
	}
	fitted, results, err := e.train(ctx, o, w)
	if err != nil {
		return err
	}
	r, err := newReport(o, e, results, fitted.OutOfFold)
	if err != nil {
		return err
	}
	if o.Members.N > 1 {
		first := []reports.Result{{Name: fmt.Sprintf("mean of %d networks, %s", o.Members.N, on), Names: tox21.Tasks(), Result: r.mean}}
		if fitted.OutOfFold != nil {
			first = append(first, reports.Result{Name: "out of fold", Names: tox21.Tasks(), Result: fitted.OutOfFold})
		}
		page.First(first...)
	}
	r.Params = fitted.Ensemble[0].Params.Size()
	if o.out != "" {
		if err := save(o, e, fitted.Ensemble); err != nil {
			return err
		}
	}
	if o.ONNX != "" {
		if err := e.writeONNX(o, fitted.Ensemble[0].Params); err != nil {
			return err
		}
	}
	r.Seconds = time.Since(begin).Seconds()
	r.print(w)
	if o.JSON == "" {
		return nil
	}
	return program.WriteJSON(o.JSON, r)
}

// prepare loads the compounds and computes their features, with columns and scale from the rows to train on.
func prepare(ctx context.Context, o options) (*experiment, error) {
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{Dir: o.data, Download: o.download, StandIn: o.synthetic, Threads: o.Threads, Seed: o.Seed}})
	if err != nil {
		return nil, err
	}
	e := &experiment{data: data, fit: data.TrainRows(), judge: data.TestRows()}
	if o.validation >= 0 {
		if e.fit, e.judge, err = data.ValidationSplit(o.validation); err != nil {
			return nil, err
		}
	}
	if o.Members.Folds {
		folds, err := data.Folds()
		if err != nil {
			return nil, err
		}
		for _, f := range folds {
			e.folds = append(e.folds, train.Fold{Fit: f.Fit, Held: f.Held})
		}
	}
	if len(e.fit) == 0 || len(e.judge) == 0 {
		return nil, errors.Errorf("%d compounds to train on and %d to judge on; these data have no official split", len(e.fit), len(e.judge))
	}
	raw, err := tox21.Compute(ctx, data.Mols(), nil, o.Threads)
	if err != nil {
		return nil, err
	}
	if e.featurizer, err = raw.Fit(e.fit); err != nil {
		return nil, err
	}
	features, err := e.featurizer.Features(raw)
	if err != nil {
		return nil, err
	}
	e.set, err = data.Set(features, e.featurizer.Names())
	return e, err
}

// train trains the networks and judges each.
func (e *experiment) train(ctx context.Context, o options, w io.Writer) (*train.FittedEnsemble, []*train.Result, error) {
	data, err := e.set.Subset(e.fit)
	if err != nil {
		return nil, nil, err
	}
	judge, err := e.set.Subset(e.judge)
	if err != nil {
		return nil, nil, err
	}
	if e.folds != nil {
		data = e.set // of which the folds take their rows
	}
	var results []*train.Result
	fitted, err := train.FitEnsemble(ctx, o.Model(), data, train.EnsembleConfig{
		Members: o.Members.N, Folds: e.folds,
		Member: func(k int) (train.Config, error) {
			c, err := o.Config(k, e.page)
			c.Loss, c.Metric = graphs.BCE, train.MeanROCAUC
			if e.folds == nil {
				o.Validate(&c, judge, train.MeanROCAUC)
			}
			return c, err
		},
		Done: func(k int, m *graphs.Model, _ *train.History, held *train.Result) error {
			r, err := e.evaluate(ctx, judge, m)
			if err != nil {
				return err
			}
			results = append(results, r)
			e.page.Add(e.on(o), reports.Result{Names: tox21.Tasks(), Result: r})
			if o.Members.N > 1 {
				fmt.Fprintf(w, "network %d of %d, %s: mean ROC-AUC %.4f%s\n", k+1, o.Members.N, o.Name(k), meanAUC(r), outOfFold(held))
			}
			return nil
		},
	})
	return fitted, results, err
}

// outOfFold says how good a network is on the rows that were held out, or nothing if there are none.
func outOfFold(held *train.Result) string {
	if held == nil {
		return ""
	}
	return fmt.Sprintf(", %.4f on the rows held out", meanAUC(held))
}

// evaluate judges a network. Compounds whose molecule cannot be read are predicted by the base rate.
func (e *experiment) evaluate(ctx context.Context, judge *datasets.Set, m *graphs.Model) (*train.Result, error) {
	result, err := train.NewPredictor(m.Layer, m.Params, m.Loss, nil).Evaluate(ctx, judge)
	if err != nil {
		return nil, err
	}
	rates, err := e.data.BaseRates(e.fit)
	if err != nil {
		return nil, err
	}
	for i, row := range e.judge {
		if e.data.Compounds[row].Mol == nil {
			copy(result.Row(i), rates[:])
		}
	}
	return result, nil
}

// unreadable counts the compounds of the training part whose molecule cannot be read.
func (e *experiment) unreadable() int {
	n := 0
	for _, s := range e.data.Skipped() {
		if e.data.Compounds[s.Row].Part != datasets.Test {
			n++
		}
	}
	return n
}

// trainingRows counts the rows for training, unreadable ones included where the whole training part is used.
func (e *experiment) trainingRows(o options) int {
	if o.validation >= 0 {
		return len(e.fit)
	}
	return len(e.fit) + e.unreadable()
}

// leftOut describes the training rows that are left out, or is empty if there are none.
func (e *experiment) leftOut(o options) string {
	if n := e.trainingRows(o) - len(e.fit); n > 0 {
		return fmt.Sprintf(" (%d unreadable, left out)", n)
	}
	return ""
}

// on says which rows the results are for.
func (e *experiment) on(o options) string {
	if o.validation >= 0 {
		return "validation rows"
	}
	return "test rows"
}

// describePage tells the page what is known before the training, and returns which rows the results are for.
func (e *experiment) describePage(o options) string {
	on := e.on(o)
	curves := on
	if e.folds != nil {
		curves = "rows held out"
	}
	e.page.Describe(curves, "Data: "+e.data.Notes+".", fmt.Sprintf("%d rows for training and %d %s; %d features. Nothing is chosen by the curves of the %s.",
		len(e.fit), len(e.judge), on, e.set.Inputs(), curves))
	return on
}

// describe prints which data are used and the network.
func (e *experiment) describe(w io.Writer, o options) error {
	fmt.Fprintf(w, "data: %s\n", e.data.Notes)
	for i, s := range e.data.Skipped() {
		if i == 10 {
			fmt.Fprintf(w, "  ... and %d more\n", len(e.data.Skipped())-i)
			break
		}
		fmt.Fprintf(w, "  unreadable: %s (line %d): %s\n", s.ID, s.Line, s.Reason)
	}
	on := "test"
	if o.validation >= 0 {
		on = fmt.Sprintf("validation (fold %d and leaderboard)", o.validation)
	}
	fmt.Fprintf(w, "rows: %d for training%s, %d for %s; %d features\n\n", e.trainingRows(o), e.leftOut(o), len(e.judge), on, e.set.Inputs())
	params, err := nn.NewParams(tensor.Float32, o.Seed)
	if err != nil {
		return err
	}
	g, err := graphs.Build(o.Model(), params, graphs.Config{
		Mode: graphs.Train, Batch: min(o.Batch, len(e.fit)), Inputs: e.set.Inputs(), Loss: graphs.BCE,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s network for training\n%s\n", o.Net, g.Summary())
	return nil
}
