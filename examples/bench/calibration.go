package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/calibrate"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
)

// calibrationFolds and calibrationSeeds are how often each task of the table is trained, conformalSplits and conformalRows how the coverage is measured.
var (
	calibrationFolds, calibrationSeeds = 2, 3
	conformalSplits, conformalRows     = 20, 2500
	conformalTasks                     = []string{"magic", "optical"}
)

// benchCalibration prints the log loss of the tasks in -tasks before and after temperature scaling on the validation rows, and the coverage of
// conformal sets.
func benchCalibration(ctx context.Context, o options, stdout, _ io.Writer) error {
	names, err := o.taskNames()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| task\t| test rows\t| before\t| after\t| change\t| standard error\t|\n| ---\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t|")
	var sum change
	worse := 0
	for _, name := range names {
		c, err := o.taskChange(ctx, name)
		if err != nil {
			return errors.Wrap(err, name)
		}
		fmt.Fprintf(w, "| %s\t| %d\t| %.4f\t| %.4f\t| %+.4f\t| %.4f\t|\n", name, c.rows, c.before, c.after, c.after-c.before, c.standardError)
		sum.before, sum.after = sum.before+c.before/float64(len(names)), sum.after+c.after/float64(len(names))
		if c.after-c.before > c.standardError {
			worse++
		}
	}
	fmt.Fprintf(w, "| mean of %d\t|\t| %.4f\t| %.4f\t| %+.4f\t|\t|\n", len(names), sum.before, sum.after, sum.after-sum.before)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nWorse by more than one standard error: %d tasks.\n\n", worse)
	return o.coverages(ctx, stdout)
}

// taskNames returns the tasks of the first column of -tasks, once each.
func (o options) taskNames() (names []string, err error) {
	f, err := os.Open(o.tasks)
	if err != nil {
		return nil, errors.Wrap(err, "-tasks")
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, errors.Wrap(err, o.tasks)
	}
	for i, r := range records {
		if i > 0 && !slices.Contains(names, r[0]) {
			names = append(names, r[0])
		}
	}
	if len(names) == 0 {
		return nil, errors.Errorf("%s: there are no tasks", o.tasks)
	}
	return names, nil
}

// change is the mean log loss of the test rows of a task. The standard error is that of the mean paired difference over the rows, each with the mean of
// its seeds.
type change struct {
	rows                         int
	before, after, standardError float64
}

func (o options) taskChange(ctx context.Context, name string) (c change, err error) {
	task, err := o.loadTask(ctx, name)
	if err != nil {
		return c, err
	}
	var differences []float64
	for fold := range min(calibrationFolds, task.Folds) {
		f, err := task.Fold(fold)
		if err != nil {
			return c, err
		}
		rows := append(slices.Clone(f.Fit), f.Held...)
		slices.Sort(rows)
		paired := make([]float64, len(f.Test))
		for seed := range calibrationSeeds {
			t, err := o.tableNetwork(ctx, task, rows, f.Test, uint64(seed)+1)
			if err != nil {
				return c, err
			}
			for i, before := range t.losses(t.before.Values) {
				after := t.losses(t.after.Values)[i]
				paired[i] += (after - before) / float64(calibrationSeeds)
				c.before, c.after = c.before+before, c.after+after
			}
		}
		differences = append(differences, paired...)
	}
	c.rows = len(differences)
	n := float64(c.rows)
	c.before, c.after = c.before/n/float64(calibrationSeeds), c.after/n/float64(calibrationSeeds)
	for _, d := range differences {
		c.standardError += (d - (c.after - c.before)) * (d - (c.after - c.before))
	}
	c.standardError = math.Sqrt(c.standardError/math.Max(1, n-1)) / math.Sqrt(n)
	return c, nil
}

// loadTask loads a UCI task.
func (o options) loadTask(ctx context.Context, name string) (*uci.Task, error) {
	dir, err := uci.Dir(ctx, datasets.Options{Dir: o.data})
	if err != nil {
		return nil, err
	}
	return uci.Load(dir, name)
}

// tableResult is a network's results on the test rows, and on validation rows after calibration.
type tableResult struct{ before, after, validation *train.Result }

// losses returns the log loss of each test row.
func (t *tableResult) losses(probabilities []float64) []float64 {
	all := make([]float64, t.before.Rows)
	for r := range all {
		p := probabilities[r*t.before.Outputs+int(t.before.Labels[r])]
		all[r] = -math.Log(math.Max(p, 0x1p-52)) // as metric.LogLoss does
	}
	return all
}

// tableNetwork trains a network as examples/tabular does and calibrates it on its validation rows, a fifth of the rows that are not for the test.
func (o options) tableNetwork(ctx context.Context, task *uci.Task, rows, test []int, seed uint64) (*tableResult, error) {
	set := *task.Set
	fit, validation, err := datasets.StratifiedSplit(rows, set.Class, 0.2, seed)
	if err != nil {
		return nil, err
	}
	scaler, err := datasets.FitScaler(datasets.Standardize, 0, set.Features, fit)
	if err != nil {
		return nil, err
	}
	if set.Features, err = scaler.Apply(set.Features); err != nil {
		return nil, err
	}
	var parts [3]*datasets.Set
	for i, rows := range [][]int{fit, validation, test} {
		if parts[i], err = set.Subset(rows); err != nil {
			return nil, err
		}
	}
	net, err := graphs.New(graphs.SNN{Layers: 3, Units: 128, Outputs: len(set.Classes)}, set.Inputs(), graphs.CrossEntropy, graphs.Seed(seed))
	if err != nil {
		return nil, err
	}
	if _, err = train.Fit(ctx, net, parts[0], train.Config{
		Epochs: 100, Batch: min(max(len(fit)/16, 8), 256), Seed: seed, Threads: o.threads, Optimizer: optim.Adam{Rate: 1e-3}, Schedule: optim.Cosine{},
		Validation: parts[1], Callbacks: []train.Callback{&callback.EarlyStopping{Window: 3, Patience: 20}}, Warn: func(string) {},
	}); err != nil {
		return nil, err
	}
	workers := kernel.Shared()
	t, e := &tableResult{}, train.Ensemble{net}
	if t.before, err = e.Evaluate(ctx, parts[2], workers); err != nil {
		return nil, err
	}
	if err := e.Calibrate(ctx, parts[1], workers, calibrate.Options{}); err != nil {
		return nil, err
	}
	if t.after, err = e.Evaluate(ctx, parts[2], workers); err != nil {
		return nil, err
	}
	t.validation, err = e.Evaluate(ctx, parts[1], workers)
	return t, err
}
