package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train"
)

// predict writes predictions for the rows of -predict.
func predict(ctx context.Context, o options, w io.Writer) error {
	var encoder *csv.Encoder
	var set *datasets.Set
	var thresholds []float64 // of -coverage
	load := func() (networks train.Ensemble, _ train.Data, err error) {
		if networks, encoder, err = load(o.Model); err != nil {
			return nil, nil, err
		}
		if o.coverage > 0 {
			c, err := conformalOf(o.Model, networks, encoder)
			if err != nil {
				return nil, nil, err
			}
			if thresholds, err = c.thresholds(o.coverage); err != nil {
				return nil, nil, err
			}
		}
		set, err = o.newRows(ctx, encoder, o.Predict, csv.NewRows{Predict: true, ID: o.table.ID})
		return networks, set, err
	}
	write := func(w io.Writer, p *train.Predictions) error {
		id := o.table.ID
		if id == "" {
			id = encoder.ID()
		}
		return writePredictions(w, encoder, id, set.IDs, p, thresholds)
	}
	return training.Predict(ctx, &o.Flags, load, write, w)
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

// writePredictions writes one line for each row: its name if there are names, and for each target the predicted class or value; then the
// probabilities; then, with thresholds, the sets or intervals.
func writePredictions(out io.Writer, e *csv.Encoder, id string, ids []string, p *train.Predictions, thresholds []float64) error {
	var header []string
	if ids != nil {
		header = append(header, id)
	}
	header = append(header, e.Tasks()...)
	for _, c := range e.Classes() {
		header = append(header, e.Tasks()[0]+"="+c)
	}
	if e.Problem() == csv.Binary {
		for _, t := range e.Tasks() {
			header = append(header, t+"=1")
		}
	}
	if thresholds != nil {
		header = append(header, setNames(e)...)
	}
	return program.WriteCSV(out, header, p.Rows, func(i int) (record []string) {
		if ids != nil {
			record = append(record, ids[i])
		}
		record = append(record, fields(e, p.Row(i))...)
		if thresholds != nil {
			record = append(record, setFields(e, p.Row(i), thresholds)...)
		}
		return record
	})
}

// fields returns the predictions for one row.
func fields(e *csv.Encoder, row []float64) (fields []string) {
	number := func(v float64) { fields = append(fields, strconv.FormatFloat(v, 'g', 7, 64)) }
	switch e.Problem() {
	case csv.Classes:
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		fields = append(fields, e.Classes()[best])
	case csv.Binary:
		for _, v := range row {
			label := "0"
			if v > 0.5 {
				label = "1"
			}
			fields = append(fields, label)
		}
	default:
		for t, v := range row {
			number(e.Value(t, v))
		}
		return fields
	}
	for _, v := range row {
		number(v)
	}
	return fields
}
