package search

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"github.com/pkg/errors"
)

// List writes the trials that are missing as lines of JSON, each a [Job], and runs none. The search ends with [Missing].
type List struct{ Out io.Writer }

// Run implements Runner.
func (l List) Run(_ context.Context, b *Batch) error {
	if l.Out == nil || b == nil {
		return errors.New("search: list: nothing to write to, or no batch")
	}
	w := bufio.NewWriter(l.Out)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, j := range b.Jobs {
		if err := encoder.Encode(j); err != nil {
			return errors.Wrap(err, "search: list")
		}
	}
	return errors.Wrap(w.Flush(), "search: list")
}

// Serve runs the trials whose jobs it reads as lines of JSON from In, one after the other, and answers each with a line of a results file to Out,
// after the header of that file. It ends with the input; the search then ends with [ErrServed]. Jobs of another search, or of other data,
// are an error. So a process elsewhere runs trials for a search: it has the same configuration, and no results file.
type Serve struct {
	In  io.Reader
	Out io.Writer
}

// ErrServed is the error of a search whose Runner is [Serve], once the input has ended.
var ErrServed = errors.New("search: all trials of the input are answered")

// maxLine bounds a line that Serve reads.
const maxLine = 1 << 20

// Run implements Runner.
func (s Serve) Run(ctx context.Context, b *Batch) error {
	if s.In == nil || s.Out == nil || b == nil || b.e == nil || ctx == nil {
		return errors.New("search: serve: no input, no output, no batch or no context")
	}
	first, err := json.Marshal(b.e.header)
	if err != nil {
		return errors.Wrap(err, "search: serve")
	}
	if _, err := s.Out.Write(append(first, '\n')); err != nil {
		return errors.Wrap(err, "search: serve")
	}
	lines := bufio.NewScanner(s.In)
	lines.Buffer(nil, maxLine)
	for number := 1; lines.Scan(); number++ {
		if err := s.serve(ctx, b, lines.Bytes()); err != nil {
			return errors.Wrapf(err, "search: serve: line %d", number)
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Wrap(err, "search: serve")
	}
	return ErrServed
}

func (s Serve) serve(ctx context.Context, b *Batch, line []byte) error {
	var j Job
	if err := json.Unmarshal(line, &j); err != nil {
		return errors.Wrap(err, "not a trial")
	}
	t, err := b.Try(ctx, 0, threads(b.Parallel), j)
	if err != nil {
		return err
	}
	answer, err := encodeTrial(t)
	if err != nil {
		return err
	}
	_, err = s.Out.Write(append(answer, '\n'))
	return err
}
