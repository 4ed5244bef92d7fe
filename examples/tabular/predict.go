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
	load := func() (networks train.Ensemble, _ train.Data, err error) {
		if networks, encoder, err = load(o.Model); err != nil {
			return nil, nil, err
		}
		set, err = o.newRows(ctx, encoder, o.Predict, csv.NewRows{Predict: true, ID: o.table.ID})
		return networks, set, err
	}
	write := func(w io.Writer, p *train.Predictions) error {
		id := o.table.ID
		if id == "" {
			id = encoder.ID()
		}
		return writePredictions(w, encoder, id, set.IDs, p)
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
// probabilities.
func writePredictions(out io.Writer, e *csv.Encoder, id string, ids []string, p *train.Predictions) error {
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
	return program.WriteCSV(out, header, p.Rows, func(i int) (record []string) {
		if ids != nil {
			record = append(record, ids[i])
		}
		return append(record, fields(e, p.Row(i))...)
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
