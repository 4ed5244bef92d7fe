package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// evaluate prints how good the networks of -model are on the rows of -evaluate that have a target.
func evaluate(ctx context.Context, o options, w io.Writer) error {
	begin := time.Now()
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-evaluate", o.evaluate)
	files.In("-model", o.Model)
	files.Out("-json", o.JSON)
	if err := files.Try(); err != nil {
		return err
	}
	networks, encoder, beside, err := load(o.Model)
	if err != nil {
		return err
	}
	set, err := o.newRows(ctx, encoder, o.evaluate, csv.NewRows{})
	if err != nil {
		return err
	}
	p := &problem{encoder: encoder, set: set, loss: lossOf(encoder)}
	for r := range set.Len() {
		if hasLabel(set, r) {
			p.fit = append(p.fit, r) // for the baseline
		}
	}
	if len(p.fit) == 0 {
		return errors.Errorf("%s: no row has a value of the target %s", o.evaluate, few(encoder.Tasks()))
	}
	labelled, err := set.Subset(p.fit)
	if err != nil {
		return err
	}
	result, err := evaluateAll(ctx, networks, beside, labelled)
	if err != nil {
		return err
	}
	r := newReport(training.SummaryOf(networks, set), p)
	r.RowsTrain, r.RowsTest = 0, len(p.fit)
	r.add("evaluated", p.inUnits(result))
	r.add("baseline", p.baseline(r.evaluations[0].result))
	if err := r.compute(); err != nil {
		return err
	}
	fmt.Fprintf(w, "Data: %s. %d rows have a target.\n", set.Notes, len(p.fit))
	r.Seconds = time.Since(begin).Seconds()
	return program.Join(r.Print(w), program.WriteJSON(o.JSON, r))
}

// hasLabel reports whether a row can be judged: it has a value of one target, or for numbers of all of them.
func hasLabel(set *datasets.Set, row int) bool {
	if set.Part != nil && set.Part[row] == datasets.Excluded {
		return false
	}
	n := len(set.Tasks)
	for _, y := range set.Labels[row*n : (row+1)*n] {
		if y == y {
			return true
		}
	}
	return false
}

// newRows reads new rows for the networks of -model, and prints what is odd about them to the standard error.
func (o *options) newRows(ctx context.Context, e *csv.Encoder, path string, n csv.NewRows) (*datasets.Set, error) {
	n.MaxMemory, n.Setting = o.memory(), flagFor
	file, err := openTable(ctx, path)
	if err != nil {
		return nil, err
	}
	defer file.close()
	table, err := e.ReadNewFrom(file.name, file, n)
	if err != nil {
		return nil, err
	}
	set, err := e.Set(table)
	if err != nil {
		return nil, err
	}
	for _, text := range e.Notices(table) {
		fmt.Fprintln(o.stderr, "tabular: "+text)
	}
	return set, nil
}
