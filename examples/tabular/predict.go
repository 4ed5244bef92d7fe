package main

import (
	"context"
	stdcsv "encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// predict writes predictions for the rows of -predict, to -out or w.
func predict(ctx context.Context, o options, w io.Writer) error {
	if info, err := os.Stat(filepath.Dir(o.out)); o.out != "" && (err != nil || !info.IsDir()) {
		return errors.Errorf("-out %s: there is no folder %s", o.out, filepath.Dir(o.out))
	}
	networks, encoder, err := load(o.model)
	if err != nil {
		return err
	}
	table, err := encoder.ReadNew(o.predict, o.table.ID)
	if err != nil {
		return err
	}
	set, err := encoder.Set(table)
	if err != nil {
		return err
	}
	predictions, err := networks.Predict(ctx, set, kernel.Shared())
	if err != nil {
		return err
	}
	id := o.table.ID
	if id == "" {
		id = encoder.ID()
	}
	write := func(w io.Writer) error { return writeCSV(w, encoder, id, set.IDs, predictions) }
	if o.out == "" {
		return write(w)
	}
	return output.Write(o.out, write)
}

// writeCSV writes one line for each row: its name if there are names, and for each target the predicted class or value; then the
// probabilities.
func writeCSV(out io.Writer, e *csv.Encoder, id string, ids []string, p *train.Predictions) error {
	w := stdcsv.NewWriter(out)
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
	if err := w.Write(header); err != nil {
		return err
	}
	for i := range p.Rows {
		var record []string
		if ids != nil {
			record = append(record, ids[i])
		}
		if err := w.Write(append(record, fields(e, p.Row(i))...)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// fields are the predictions of one row.
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
