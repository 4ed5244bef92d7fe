package answers

import (
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// sink takes answers.
type sink interface {
	// encode prepares rows for append. Several goroutines call it.
	encode(rows [][]stream.Value) (any, error)
	append(encoded any, s stream.State) error
	// fail makes the answers of no use.
	fail()
}

// lastingSink is a sink that a later run continues.
type lastingSink interface {
	sink
	name() string
	// keeps reports whether there is anything to continue.
	keeps() bool
	// keep leaves the answers to a later run, and returns for how many records there are any.
	keep() (rows int64, err error)
	publish() error
	remove() error
}

// openSink opens the output for a file.
func openSink(path string, columns []stream.Column, facts []stream.Fact, restart bool) (lastingSink, stream.State, error) {
	if training.IsParquet(path) {
		return openParts(path, columns, facts, restart)
	}
	f, state, err := stream.Create(path, facts, restart)
	if err != nil {
		return nil, state, err
	}
	return &fileSink{textSink: textSink{columns: columns, w: nil, begun: f.Began()}, f: f, state: state}, state, nil
}

// textSink writes CSV.
type textSink struct {
	columns []stream.Column
	w       io.Writer
	begun   bool // the header is written
}

func (s *textSink) encode(rows [][]stream.Value) (any, error) {
	return stream.AppendCSV(nil, s.columns, rows)
}

// text returns what follows in the file.
func (s *textSink) text(encoded any) ([]byte, error) {
	text := encoded.([]byte)
	if s.begun {
		return text, nil
	}
	s.begun = true
	header, err := stream.AppendHeader(nil, s.columns)
	return append(header, text...), err
}

func (s *textSink) append(encoded any, _ stream.State) error {
	text, err := s.text(encoded)
	if err == nil {
		_, err = s.w.Write(text)
	}
	return err
}

func (s *textSink) fail() {}

// fileSink writes CSV to a file that grows.
type fileSink struct {
	textSink
	f      *stream.File
	state  stream.State
	failed bool
}

func (s *fileSink) append(encoded any, state stream.State) error {
	text, err := s.text(encoded)
	if err == nil {
		err = s.f.Append(text, state)
	}
	if err == nil {
		s.state = state
	}
	return err
}

func (s *fileSink) fail()          { s.failed = true }
func (s *fileSink) name() string   { return s.f.Name() }
func (s *fileSink) keeps() bool    { return !s.failed && s.f.Began() }
func (s *fileSink) publish() error { return s.f.Publish() }
func (s *fileSink) remove() error  { return s.f.Remove() }

func (s *fileSink) keep() (rows int64, err error) { return s.state.Rows, s.f.Close() }
