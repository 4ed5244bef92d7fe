package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// epochs is the number of passes over the rows to fit in a trial, and batch the number of rows of a step.
const (
	epochs = 20
	batch  = 128
)

// testAUC is the name of the value that a test returns.
const testAUC = "test_auc"

// experiment is the data, scaled for each fold by the rows to fit.
type experiment struct {
	grid   string
	data   string // its name and checksum
	folds  []datasets.Fold
	scaled []*datasets.Set
}

// compare runs the cross-validation of each network and method, and prints the table.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var files program.Files
	var names []string
	for _, name := range append(slices.Clone(o.Nets), o.methods...) {
		names = append(names, name+".jsonl")
	}
	if names = o.Trials.OutFiles(names); !o.Trials.Partial() {
		names = append(names, "table.md", "table.json")
	}
	files.OutFolder("-out", o.Out, names...)
	for _, name := range []string{"HTRU_2.csv", "HTRU_2.csv.gz"} {
		files.In("-data", filepath.Join(o.Data, name))
	}
	if err := files.Try(); err != nil {
		return err
	}
	set, err := htru2.Load(ctx, datasets.Options{Dir: o.Data, Download: o.Download, StandIn: o.synthetic, Seed: o.Seed})
	if err != nil {
		return err
	}
	e := &experiment{grid: o.Grid}
	if e.data, err = sum(set); err != nil {
		return err
	}
	if err := e.split(set, o); err != nil {
		return err
	}
	if o.Out != "" {
		if err := os.MkdirAll(o.Out, 0o777); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	fmt.Fprintf(stdout, "Data: %s.\nRows: %d, %d features; %d of %d folds.\n\n", set.Notes, set.Len(), set.Width(), o.Folds, o.MaxFolds)
	rows, err := e.rows(ctx, &o, stderr)
	if err != nil || o.Trials.Ended(stderr) {
		return err
	}
	return write(o, rows, stdout)
}

// rows runs the cross-validation of each network and method.
func (e *experiment) rows(ctx context.Context, o *options, stderr io.Writer) (rows []row, err error) {
	var missing []error
	for _, name := range append(slices.Clone(o.Nets), o.methods...) {
		var results *search.NestedResults
		if slices.Contains(o.methods, name) {
			results, err = e.method(ctx, o, name, stderr)
		} else {
			results, err = e.network(ctx, o, name, stderr)
		}
		switch rest := o.Trials.Rest(err); {
		case rest != nil && o.Trials.Merge: // the others are merged all the same
			missing = append(missing, errors.Wrap(rest, name))
			continue
		case rest != nil:
			return nil, errors.Wrap(rest, name)
		case err != nil:
			continue // this part of the trials is done
		}
		r, err := newRow(name, results)
		if err != nil {
			return nil, errors.Wrap(err, name)
		}
		rows = append(rows, r)
	}
	return rows, program.Join(missing...)
}

// sum returns the name of the data with their checksum.
func sum(set *datasets.Set) (string, error) {
	c := trials.NewChecksum()
	err := c.Set(set)
	return c.Name("HTRU2"), err
}

func (e *experiment) dataOf(search.Point) string { return e.data }

// split makes the folds.
func (e *experiment) split(set *datasets.Set, o options) error {
	folds, err := htru2.Folds(set, o.Seed)
	if err != nil {
		return err
	}
	e.folds = folds[:o.Folds]
	for _, f := range e.folds {
		scaled, err := htru2.Scaled(set, f.Fit)
		if err != nil {
			return err
		}
		e.scaled = append(e.scaled, scaled)
	}
	return nil
}

// network runs the nested cross-validation of one network.
func (e *experiment) network(ctx context.Context, o *options, net string, stderr io.Writer) (*search.NestedResults, error) {
	points, err := paper.Grid(e.grid, net)
	if err != nil {
		return nil, err
	}
	nested := search.Nested{
		Config: search.Config{
			Points: points, Trial: e.trial, Rule: search.PaperRule, Seed: o.Seed, Parallel: o.Parallel,
			Results: o.results(net), Key: fmt.Sprintf("htru2 %s %d epochs", e.grid, epochs), Data: e.dataOf,
		},
		Folds: e.folds, Test: e.test,
	}
	if !o.Quiet {
		nested.Table = stderr
	}
	if err := o.Trials.Apply(ctx, &nested.Config, nil, nil, stderr); err != nil {
		return nil, err
	}
	return search.RunNested(ctx, nested)
}

// trial trains a network on the rows to fit and reports the ROC-AUC on the rows that are held out.
func (e *experiment) trial(ctx context.Context, t *search.Trial) (search.Values, error) {
	_, err := e.fit(ctx, t, t.Rows.Held, epochs, t)
	return nil, err
}

// test trains the selected network again, for the selected number of epochs, and judges it on the test rows.
func (e *experiment) test(ctx context.Context, t *search.Trial) (search.Values, error) {
	net, err := e.fit(ctx, t, nil, t.Epochs)
	if err != nil {
		return nil, err
	}
	test, err := e.scaled[t.Fold-1].Subset(t.Rows.Test)
	if err != nil {
		return nil, err
	}
	auc, err := paper.Judge(ctx, net, test, metric.MeanROCAUC)
	return search.Values{testAUC: auc}, err
}

// fit trains the network of a point for a number of epochs.
func (e *experiment) fit(ctx context.Context, t *search.Trial, validate []int, epochs int, callbacks ...train.Callback) (*graphs.Network, error) {
	set := e.scaled[t.Fold-1]
	fit, err := set.Subset(t.Rows.Fit)
	if err != nil {
		return nil, err
	}
	net, rate, err := paper.Network(t.Point, set, graphs.BCE, t.Seed)
	if err != nil {
		return nil, err
	}
	config := train.Config{
		Epochs: epochs, Batch: batch, Optimizer: paper.Optimizer(e.grid, rate), Seed: t.Seed, Threads: t.Threads,
		Metric: metric.MeanROCAUC, Callbacks: callbacks,
		Warn: func(string) {}, // a grid holds settings that are meant to fail
	}
	if validate != nil {
		validation, err := set.Subset(validate)
		if err != nil {
			return nil, err
		}
		config.Validation = validation
	}
	_, err = train.Fit(ctx, net, fit, config)
	return net, err
}
