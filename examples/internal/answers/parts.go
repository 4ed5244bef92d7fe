package answers

import (
	"io"

	"github.com/selfnorm/selfnorm/datasets/parquet"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// partRows is the number of rows of a part, which are in memory as they stand in the file.
const partRows = 100_000

// openParts opens a folder of Parquet files.
func openParts(path string, columns []stream.Column, facts []stream.Fact, restart bool) (lastingSink, stream.State, error) {
	p, state, err := stream.CreateParts(path, stream.Format{Suffix: training.ParquetSuffix, New: newPart, Rows: partRows}, columns, facts, restart)
	if err != nil {
		return nil, state, err
	}
	return &partsSink{p: p}, state, nil
}

// partsSink writes Parquet files.
type partsSink struct {
	p      *stream.Parts
	failed bool
}

func (s *partsSink) encode(rows [][]stream.Value) (any, error) { return rows, nil }

func (s *partsSink) append(encoded any, state stream.State) error {
	return s.p.Append(encoded.([][]stream.Value), state)
}

func (s *partsSink) fail()                         { s.failed = true }
func (s *partsSink) name() string                  { return s.p.Name() }
func (s *partsSink) keeps() bool                   { return !s.failed && s.p.Began() }
func (s *partsSink) keep() (rows int64, err error) { return s.p.Rows(), s.p.Close() }
func (s *partsSink) publish() error                { return s.p.Publish() }
func (s *partsSink) remove() error                 { return s.p.Remove() }

// part is a Parquet file.
type part struct {
	w    *parquet.Writer
	rows [][]parquet.Value
}

func newPart(w io.Writer, columns []stream.Column) (stream.PartWriter, error) {
	all := make([]parquet.Column, len(columns))
	for i, c := range columns {
		all[i] = parquet.Column{Name: c.Name, Number: c.Format != nil}
	}
	out, err := parquet.NewWriter(w, all)
	return &part{w: out}, err
}

func (p *part) Write(rows [][]stream.Value) error {
	p.rows = p.rows[:0]
	for _, row := range rows {
		values := make([]parquet.Value, len(row))
		for k, v := range row {
			values[k] = parquet.Value(v)
		}
		p.rows = append(p.rows, values)
	}
	return p.w.Write(p.rows)
}

func (p *part) Close() error { return p.w.Close() }
