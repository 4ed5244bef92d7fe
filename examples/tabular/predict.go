package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/answers"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// A block is predicted at once, on one thread. These are its limits, which bound the memory for a table of any length.
const (
	blockRows = 512
	blockSize = 1 << 22 // bytes
)

// predict writes predictions for the rows of -predict, in order. A row that cannot be read has an error in place of predictions; they are counted on the
// standard error. It returns an error, and leaves -out as it was, if no row at all can be read, and if the file is damaged.
func predict(ctx context.Context, o options, w io.Writer) error {
	if err := o.CheckPredict(); err != nil {
		return err
	}
	p, err := newPredictor(&o)
	if err != nil {
		return program.MemoryHint(err)
	}
	defer p.members.Close()
	input, err := o.input(ctx)
	if err != nil {
		return err
	}
	defer input.Close()
	if err := p.read(input, csv.NewRows{ID: o.table.ID, Setting: flagFor}); err != nil {
		return err
	}
	for _, note := range p.rows.Notes() {
		fmt.Fprintln(o.stderr, "tabular: "+note)
	}
	t := &rowTally{}
	a := &answers.Run[*csv.Row, rowCount]{
		Program: "tabular", Unit: "rows", Input: input, Stderr: o.stderr, Columns: p.columns(o.table.ID), Settings: o.settings(),
		Source: stream.Source[*csv.Row]{Next: p.rows.Next, Text: (*csv.Row).Texts, Rows: blockRows, Weight: blockSize, WeightOf: (*csv.Row).Size},
		Answer: p.answer, Tally: t, Count: t.count,
		Check: func() error { return t.check(input.Name) },
	}
	if err := a.Write(ctx, &o.Flags, w); err != nil {
		return err
	}
	for _, text := range t.Counts.Notices() {
		fmt.Fprintln(o.stderr, "tabular: "+text)
	}
	if t.Bad > 0 {
		fmt.Fprintf(o.stderr, "tabular: %d of %d rows cannot be read, see the column %s; the first: %s\n", t.Bad, t.Counts.Rows, a.Columns[len(a.Columns)-1].Name, t.First)
	}
	return nil
}

// input opens the file of -predict.
func (o *options) input(ctx context.Context) (*answers.Input, error) {
	if o.Predict == standardInput {
		return answers.StandardInput(ctx, standardInputName, stdin), nil
	}
	return answers.OpenInput(ctx, o.Predict)
}

// settings are the flags on which predictions depend.
func (o *options) settings() []stream.Fact {
	return []stream.Fact{{Name: "-id", Value: o.table.ID}, {Name: "-coverage", Value: strconv.FormatFloat(o.coverage, 'g', -1, 64)}}
}

// predictor predicts rows with the networks of -model.
type predictor struct {
	encoder    *csv.Encoder
	members    *training.Predictors
	beside     *members.Members
	thresholds []float64 // of -coverage
	rows       *csv.Stream
}

func newPredictor(o *options) (*predictor, error) {
	networks, encoder, beside, err := load(o.Model)
	if err != nil {
		return nil, err
	}
	p := &predictor{encoder: encoder, beside: beside}
	if o.coverage > 0 {
		c, err := conformalOf(o.Model, networks, encoder)
		if err != nil {
			return nil, err
		}
		if p.thresholds, err = c.thresholds(o.coverage); err != nil {
			return nil, err
		}
	}
	p.members, err = training.NewPredictors(networks, o.Threads)
	return p, err
}

// read begins to read the rows.
func (p *predictor) read(input *answers.Input, n csv.NewRows) error {
	rows, err := input.Parquet()
	switch {
	case err != nil:
	case rows != nil:
		p.rows, err = p.encoder.StreamRows(input.Name, rows, n)
	default:
		p.rows, err = p.encoder.Stream(input.Name, input, n)
	}
	return err
}

// answer returns the predictions for some rows.
func (p *predictor) answer(ctx context.Context, rows []*csv.Row) (answers [][]stream.Value, c rowCount, err error) {
	encoded, err := p.rows.Encode(rows)
	if err != nil {
		return nil, c, err
	}
	c.tally = encoded.Tally
	predictions := func(int) []float64 { return nil }
	if encoded.Set != nil {
		all, err := p.members.Predict(ctx, encoded.Set)
		if err == nil {
			err = p.beside.Combine(ctx, all, encoded.Set.Features)
		}
		if err != nil {
			return nil, c, err
		}
		predictions = all.Row
	}
	columns, next := len(p.columns("")), 0
	for i, row := range rows {
		var answer []stream.Value
		if p.rows.HasIDs() {
			answer = append(answer, stream.Value{Text: row.ID()})
		}
		err := encoded.Errs[i]
		if err == nil {
			answer = append(answer, p.values(predictions(next))...)
			answer = append(answer, stream.Value{Missing: true})
			next++
		} else {
			if c.bad++; c.bad == 1 {
				c.first = err.Error()
			}
			for len(answer) < columns-1 {
				answer = append(answer, stream.Value{Missing: true})
			}
			answer = append(answer, stream.Value{Text: err.Error()})
		}
		answers = append(answers, answer)
	}
	return answers, c, nil
}

// general writes numbers with seven digits.
func general(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

// columns are the columns of the predictions: the name of a row if there are names; for each target the predicted class or value; the
// probabilities; with thresholds, the sets or intervals; and the error.
func (p *predictor) columns(id string) (all []stream.Column) {
	number := func(names ...string) {
		for _, name := range names {
			all = append(all, stream.Column{Name: name, Format: general})
		}
	}
	e := p.encoder
	if p.rows.HasIDs() {
		if id == "" {
			id = e.ID()
		}
		all = append(all, stream.Column{Name: id})
	}
	if e.Problem() == csv.Classes {
		all = append(all, stream.Column{Name: e.Tasks()[0]})
	} else {
		number(e.Tasks()...)
	}
	for _, c := range e.Classes() {
		number(e.Tasks()[0] + "=" + c)
	}
	if e.Problem() == csv.Binary {
		for _, t := range e.Tasks() {
			number(t + "=1")
		}
	}
	if p.thresholds != nil {
		number(setNames(e)...)
	}
	last := "error"
	for slices.ContainsFunc(all, func(c stream.Column) bool { return c.Name == last }) {
		last += "_"
	}
	return append(all, stream.Column{Name: last})
}

// values returns the predictions for one row.
func (p *predictor) values(row []float64) (values []stream.Value) {
	number := func(v float64) { values = append(values, stream.Value{Number: v}) }
	e := p.encoder
	switch e.Problem() {
	case csv.Classes:
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		values = append(values, stream.Value{Text: e.Classes()[best]})
	case csv.Binary:
		for _, v := range row {
			label := 0.0
			if v > 0.5 {
				label = 1
			}
			number(label)
		}
	default:
		for t, v := range row {
			number(e.Value(t, v))
		}
	}
	if e.Problem() != csv.Regression {
		for _, v := range row {
			number(v)
		}
	}
	if p.thresholds != nil {
		for _, v := range setValues(e, row, p.thresholds) {
			number(v)
		}
	}
	return values
}

// rowCount holds the counts of a block.
type rowCount struct {
	tally csv.Tally
	bad   int64
	first string // error
}

// rowTally counts the rows of a file.
type rowTally struct {
	Counts csv.Tally `json:"counts"`
	Bad    int64     `json:"bad"`
	First  string    `json:"first,omitempty"` // error
}

func (t *rowTally) count(c rowCount) error {
	t.Counts.Add(c.tally)
	if t.Bad == 0 {
		t.First = c.first
	}
	t.Bad += c.bad
	return nil
}

// check returns an error for a file without rows.
func (t *rowTally) check(name string) error {
	switch t.Counts.Rows {
	case 0:
		return errors.Errorf("%s: no rows after the header", name)
	case t.Bad:
		return errors.Errorf("%s: none of the %d rows can be read; the first: %s", name, t.Bad, t.First)
	}
	return nil
}
