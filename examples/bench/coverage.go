package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/train/calibrate"
)

// coverages prints how often conformal sets hold the class, and how many classes they have. The threshold comes from the validation rows, which have also
// chosen the epoch and the temperature, as in examples/tabular.
func (o options) coverages(ctx context.Context, stdout io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| task\t| promised\t| coverage\t| classes per set\t|\n| ---\t| ---:\t| ---:\t| ---:\t|")
	promises := []float64{0.8, 0.9, 0.95}
	for _, name := range conformalTasks {
		task, err := o.loadTask(ctx, name)
		if err != nil {
			return err
		}
		covered, sizes := make([]float64, len(promises)), make([]float64, len(promises))
		for split := range conformalSplits {
			t, err := o.randomSplit(ctx, task, uint64(split)+1)
			if err != nil {
				return errors.Wrap(err, name)
			}
			for i, promise := range promises {
				hits, size, err := t.cover(promise)
				if err != nil {
					return err
				}
				covered[i] += hits / float64(conformalSplits)
				sizes[i] += size / float64(conformalSplits)
			}
		}
		for i, promise := range promises {
			fmt.Fprintf(w, "| %s\t| %.2f\t| %.4f\t| %.3f\t|\n", name, promise, covered[i], sizes[i])
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "\nMeans of %d random splits.\n", conformalSplits)
	return err
}

// randomSplit trains on at most conformalRows random rows; the others are for the test.
func (o options) randomSplit(ctx context.Context, task *uci.Task, seed uint64) (*tableResult, error) {
	all := make([]int, task.Set.Len())
	for i := range all {
		all[i] = i
	}
	share := max(0.5, 1-float64(conformalRows)/float64(len(all)))
	rows, test, err := datasets.Split(all, share, seed)
	if err != nil {
		return nil, err
	}
	return o.tableNetwork(ctx, task, rows, test, seed)
}

// cover returns the share of the test rows whose set holds their class, and the mean size of a set.
func (t *tableResult) cover(promise float64) (hits, size float64, err error) {
	scores, err := calibrate.ClassScores(t.validation.Values, t.validation.Outputs, t.validation.Labels)
	if err != nil {
		return 0, 0, err
	}
	threshold, err := calibrate.Quantile(scores, promise)
	if err != nil {
		return 0, 0, err
	}
	n := float64(t.after.Rows)
	for r := range t.after.Rows {
		set := calibrate.Set(t.after.Row(r), threshold)
		size += float64(len(set)) / n
		if slices.Contains(set, int(t.after.Labels[r])) {
			hits += 1 / n
		}
	}
	return hits, size, nil
}
