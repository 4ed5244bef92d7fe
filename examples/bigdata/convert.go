package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/datasets/rowfile"
	"github.com/selfnorm/selfnorm/examples/internal/answers"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// blockRows is the number of rows that are encoded at once, and leastChunks the number of chunks of a file, of which some are for validation.
const blockRows, leastChunks = 1024, 64

// convert converts a table to a file of rows, in two passes over it: one draws the sample that the encoder is fitted on, one encodes all rows.
func convert(ctx context.Context, o *options, w io.Writer) error {
	if err := o.tryRows(); err != nil {
		return err
	}
	began := time.Now()
	encoder, rows, err := o.encoder(ctx, w)
	if err != nil {
		return err
	}
	text, err := json.Marshal(encoder)
	if err != nil {
		return errors.WithStack(err)
	}
	names := encoder.FeatureNames()
	d := rowfile.Description{Name: o.data, Notes: fmt.Sprintf("%s rows of %s", training.Count(int(rows)), o.data), Width: len(names), Columns: names,
		Tasks: encoder.Tasks(), Classes: encoder.Classes(), Encoder: text, Weights: false}
	d.ChunkRows = chunkRows(rows, d)
	fmt.Fprintf(w, "%s rows, %s features; writing %s\n", training.Count(int(rows)), training.Count(len(names)), o.rows)
	c := conversion{options: o, encoder: encoder, rows: rows}
	if err := rowfile.Create(o.rows, d, func(to *rowfile.Writer) error { return c.all(ctx, to) }); err != nil {
		return err
	}
	if c.skipped > 0 {
		fmt.Fprintf(w, "%s rows without a value of the target are left out.\n", training.Count(int(c.skipped)))
	}
	fmt.Fprintf(w, "saved: %s in %s; train with -rows %[1]s -out FILE\n", o.rows, time.Since(began).Round(time.Second/10))
	return nil
}

// chunkRows returns the rows of a chunk: as many as usual, but fewer if there would be few chunks; 0 means as many as usual.
func chunkRows(rows int64, d rowfile.Description) int {
	usual := max(1, min(4096, 1<<18/(4*(d.Width+len(d.Tasks)))))
	if most := int(max(1, rows/leastChunks)); most < usual {
		return most
	}
	return 0
}

// encoder fits an encoder on a sample of the table, and counts its rows.
func (o *options) encoder(ctx context.Context, w io.Writer) (*csv.Encoder, int64, error) {
	in, err := answers.OpenInput(ctx, o.data)
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	options := csv.Options{Targets: program.List(o.target), Ignore: program.List(o.ignore), ID: o.id, Auto: true, MaxMemory: 1 << 31, Setting: flagFor}
	var table *csv.Table
	var rows int64
	parquet, err := in.Parquet()
	switch {
	case err != nil:
		return nil, 0, err
	case parquet != nil:
		table, rows, err = csv.SampleRows(in.Name, interruptible{parquet, ctx}, options, o.sample, o.seed)
	default:
		table, rows, err = csv.Sample(in.Name, in, options, o.sample, o.seed)
	}
	if err != nil {
		return nil, 0, err
	}
	for _, note := range table.Decisions() {
		fmt.Fprintln(w, note)
	}
	encoder, err := table.FitScaled(table.Rows(), datasets.Standardize)
	return encoder, rows, err
}

// interruptible are rows that end when the context does.
type interruptible struct {
	csv.Rows
	ctx context.Context
}

func (i interruptible) Next() ([]string, error) {
	if err := i.ctx.Err(); err != nil {
		return nil, err
	}
	return i.Rows.Next()
}

// flagFor words the advice to set an option of a table.
func flagFor(option, value string) string {
	switch option {
	case "MaxMemory":
		return "-sample with fewer rows"
	case "Ignore", "ID", "Target":
		return "-" + strings.ToLower(option) + " " + value
	}
	return "another table, as this program has no flag for it"
}

// conversion encodes the rows of a table.
type conversion struct {
	*options
	encoder       *csv.Encoder
	rows          int64 // that the table had in the first pass
	read, skipped int64
}

// block are rows of the table, or the error that ends it.
type block struct {
	rows []*csv.Row
	err  error
}

// all writes all rows of the table. One goroutine reads while this one encodes and writes.
func (c *conversion) all(ctx context.Context, to *rowfile.Writer) error {
	in, err := answers.OpenInput(ctx, c.data)
	if err != nil {
		return err
	}
	defer in.Close()
	ctx, cancel := context.WithCancel(ctx)
	s, err := c.stream(ctx, in)
	if err != nil {
		cancel()
		return err
	}
	blocks, ended := make(chan block, 2), make(chan struct{})
	defer func() { // the file is open until the reader has ended
		cancel()
		<-ended
	}()
	go func() {
		defer close(ended)
		readBlocks(ctx, s, blocks)
	}()
	for b := range blocks {
		if b.err != nil {
			return b.err
		}
		if err := c.encode(s, b.rows, to); err != nil {
			return err
		}
	}
	if c.read != c.rows && ctx.Err() == nil {
		return errors.Errorf("%s: it has %d rows, and had %d in the first pass: it was changed meanwhile", c.data, c.read, c.rows)
	}
	return ctx.Err()
}

func (c *conversion) stream(ctx context.Context, in *answers.Input) (*csv.Stream, error) {
	parquet, err := in.Parquet()
	switch {
	case err != nil:
		return nil, err
	case parquet != nil:
		return c.encoder.StreamRows(in.Name, interruptible{parquet, ctx}, csv.NewRows{Targets: true})
	}
	return c.encoder.Stream(in.Name, in, csv.NewRows{Targets: true})
}

// readBlocks reads all rows and closes the channel.
func readBlocks(ctx context.Context, s *csv.Stream, to chan<- block) {
	defer close(to)
	for {
		var b block
		for len(b.rows) < blockRows && b.err == nil {
			var row *csv.Row
			if row, b.err = s.Next(); b.err == nil {
				b.rows = append(b.rows, row)
			}
		}
		end := b.err
		if end == io.EOF {
			b.err = nil
		}
		if len(b.rows) > 0 || b.err != nil {
			select {
			case to <- b:
			case <-ctx.Done():
				return
			}
		}
		if end != nil {
			return
		}
	}
}

// encode encodes rows and writes those that have a label.
func (c *conversion) encode(s *csv.Stream, rows []*csv.Row, to *rowfile.Writer) error {
	e, err := s.Encode(rows)
	if err != nil {
		return err
	}
	for _, err := range e.Errs {
		if err != nil {
			return errors.WithMessage(err, "a row cannot be read; correct it, or remove it")
		}
	}
	var use []int
	for i := range rows {
		if e.Set.Part == nil || e.Set.Part[i] == datasets.Train {
			use = append(use, i)
		}
	}
	for _, k := range e.Set.Skipped {
		if !strings.HasPrefix(k.Reason, "no value") {
			return errors.Errorf("%s:%d: %s; use -sample with more rows", c.data, k.Line, k.Reason)
		}
	}
	c.read += int64(len(rows))
	c.skipped += int64(len(rows) - len(use))
	return to.AddSet(e.Set, use)
}
