package logs

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/callback"
)

// CSVLog is a Callback that writes the history to a file of comma-separated values: a header, and one line per epoch, written as
// soon as the epoch ends. The columns are epoch, step, seconds, loss and rate; with validation data also validation_loss and a
// validation_... for each metric by its name, with underscores for spaces; with Config.TrainingMetrics the same beginning with training_.
// Numbers can be read back exactly. Those that are not finite are NaN, Inf and -Inf.
//
// A resumed run has the lines of an uninterrupted one: CSVLog drops the lines of epochs after the checkpoint and writes lines that are
// missing or damaged anew from the history. A run that starts from the beginning replaces the log. A file in any other format stays
// unchanged and ends the run with an error, as does a write error.
type CSVLog struct {
	// Path is the file, in a folder that exists. Another run that uses it at the same time gets an error. A device or a pipe gets all lines of
	// the run, as they are written.
	Path string

	log epochLog
}

var csvMark = []byte("epoch,step,seconds,loss,rate")

var (
	_ callback.StartCallback = (*CSVLog)(nil)
	_ callback.EpochCallback = (*CSVLog)(nil)
	_ callback.EndCallback   = (*CSVLog)(nil)

	_ callback.FailureCallback = (*CSVLog)(nil)
)

// AtStart implements callback.StartCallback. It makes the file.
func (c *CSVLog) AtStart(_ context.Context, s *callback.State) error {
	return c.write((*epochLog).begin, s)
}

// AfterEpoch implements callback.EpochCallback. It writes a line.
func (c *CSVLog) AfterEpoch(_ context.Context, s *callback.State) error {
	return c.write((*epochLog).add, s)
}

// AtEnd implements callback.EndCallback. It closes the file.
func (c *CSVLog) AtEnd(_ context.Context, s *callback.State) error {
	return c.write((*epochLog).end, s)
}

// AtFailure implements callback.FailureCallback. It closes the file, which holds all epochs so far.
func (c *CSVLog) AtFailure(*callback.State, error) {
	if c != nil {
		_ = c.log.close() // the training has an error already
	}
}

// write calls a method of the log.
func (c *CSVLog) write(f func(*epochLog, string, logFormat, *callback.State) error, s *callback.State) error {
	if c == nil {
		return errors.New("CSVLog: it is nil")
	}
	return errors.Wrap(f(&c.log, c.Path, csvFormat{}, s), "CSVLog")
}

type csvFormat struct{}

func (csvFormat) is(file []byte) bool { return isBeginning(file, csvMark) }

func (csvFormat) header(s *callback.State) []byte {
	var names []string
	for _, f := range epochFields(s, len(s.History.Epochs)) {
		names = append(names, f.name)
	}
	return csvLine(names)
}

func (csvFormat) line(s *callback.State, k int, _ []byte) []byte {
	var values []string
	for _, f := range epochFields(s, k) {
		values = append(values, f.number(csvNotFinite))
	}
	return csvLine(values)
}

func csvNotFinite(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case v > 0:
		return "Inf"
	}
	return "-Inf"
}

func csvLine(cells []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(cells) // a buffer takes everything
	w.Flush()
	return b.Bytes()
}
