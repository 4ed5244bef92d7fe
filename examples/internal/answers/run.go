package answers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/version"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// Run are the predictions for a file of any length, block by block. R is a record of it, and C is what is counted in a block.
type Run[R, C any] struct {
	// Program names the program, and Unit the records, in messages.
	Program, Unit string
	Input         *Input
	Source        stream.Source[R]
	Columns       []stream.Column
	// Settings are the flags that the answers depend on.
	Settings []stream.Fact
	// Answer returns a row of values for each record. It is called by several goroutines.
	Answer func(ctx context.Context, records []R) (rows [][]stream.Value, count C, err error)
	// Count adds a count to Tally, which points to a value that JSON keeps. It is called in the order of the blocks.
	Count func(c C) error
	Tally any
	// Check returns an error if the counts mean a failure: then -out stays as it was.
	Check  func() error
	Stderr io.Writer
}

// answered is a block with its answers.
type answered[C any] struct {
	encoded any
	after   stream.Place
	count   C
	rows    int64
}

// Write answers all records, or those of -shard, and writes the answers to -out, or to w without it. A file grows beside -out, and a later run with the same input, model and
// settings continues it.
func (a *Run[R, C]) Write(ctx context.Context, o *training.Flags, w io.Writer) error {
	a.part(o.Shard)
	switch {
	case o.Out == "":
		return a.all(ctx, o, &textSink{columns: a.Columns, w: program.Strict(w)}, stream.State{})
	case training.IsParquet(o.Out):
		return a.lasting(ctx, o)
	case output.Direct(o.Out):
		return output.Write(o.Out, func(w io.Writer) error { return a.all(ctx, o, &textSink{columns: a.Columns, w: w}, stream.State{}) })
	case !a.Input.again():
		err := output.Write(o.Out, func(w io.Writer) error { return a.all(ctx, o, &textSink{columns: a.Columns, w: w}, stream.State{}) })
		if ctx.Err() != nil && err != nil {
			return fmt.Errorf("%w; nothing is kept, as %s cannot be read again", err, a.Input.Name)
		}
		return err
	}
	return a.lasting(ctx, o)
}

// lasting writes to a file or a folder that a later run continues, if it can read the input again.
func (a *Run[R, C]) lasting(ctx context.Context, o *training.Flags) error {
	facts, err := a.facts(o)
	if err != nil {
		return err
	}
	out, state, err := openSink(o.Out, a.Columns, facts, o.Overwrite)
	switch {
	case errors.Is(err, stream.ErrOther):
		return fmt.Errorf("-out: %w; to start over, remove it or use -overwrite", err)
	case errors.Is(err, stream.ErrExists):
		return fmt.Errorf("-out: %w; -overwrite replaces it", err)
	case err != nil:
		return errors.Wrap(err, "-out")
	}
	name := out.name()
	if state.Rows > 0 {
		fmt.Fprintf(a.Stderr, "%s: continues %s after %d %s\n", a.Program, name, state.Rows, a.Unit)
	}
	if err = a.all(ctx, o, out, state); err == nil {
		return errors.Wrap(out.publish(), "-out")
	}
	if errors.Is(err, stream.ErrChanged) {
		err = fmt.Errorf("-out: %s: %w; to start over, remove it or use -overwrite", name, err)
	}
	if !out.keeps() || !a.Input.again() {
		return program.Join(err, out.remove())
	}
	rows, kerr := out.keep()
	if rows > 0 {
		err = fmt.Errorf("%w; %s holds the answers for %d %s, and the same command continues", err, name, rows, a.Unit)
	}
	return program.Join(err, kerr)
}

// all answers all records behind a state.
func (a *Run[R, C]) all(ctx context.Context, o *training.Flags, out sink, state stream.State) error {
	blocks, err := stream.NewBlocks(a.Source)
	if err != nil {
		return err
	}
	if state.Tally != nil {
		if err := json.Unmarshal(state.Tally, a.Tally); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	if err := blocks.Skip(ctx, state.Place); err != nil {
		return err
	}
	progress := &stream.Progress{W: a.Stderr, Label: a.Program, Unit: a.Unit}
	if a.Input.size > 0 {
		progress.Fraction = a.Input.fraction
	}
	if !o.Quiet {
		progress.Begin()
	}
	do := func(ctx context.Context, b *stream.Block[R]) (d answered[C], err error) {
		rows, count, err := a.Answer(ctx, b.Records)
		if err != nil {
			return d, program.MemoryHint(err)
		}
		encoded, err := out.encode(rows)
		return answered[C]{encoded, b.After, count, int64(len(rows))}, err
	}
	err = stream.Run(ctx, o.Threads, blocks.Next, do, func(d answered[C]) error {
		if err := a.Count(d.count); err != nil {
			return err
		}
		tally, err := json.Marshal(a.Tally)
		if err != nil {
			return errors.WithStack(err)
		}
		progress.Add(d.rows, d.after.Rows)
		return out.append(d.encoded, stream.State{Place: d.after, Tally: tally})
	})
	progress.Clear()
	if err == nil {
		if err = a.Check(); err != nil {
			out.fail()
		}
	}
	return err
}

// facts identify the input, the model and the settings.
func (a *Run[R, C]) facts(o *training.Flags) ([]stream.Fact, error) {
	model, err := checksum(o.Model)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		names[i] = c.Name
	}
	return slices.Concat([]stream.Fact{{Name: "program", Value: a.Program + " " + version.Version}}, a.Input.facts(),
		[]stream.Fact{{Name: "checksum of the model", Value: model}}, a.Settings, []stream.Fact{{Name: "columns", Value: strings.Join(names, ", ")}}), nil
}

// checksum returns the SHA-256 of a file.
func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errors.WithStack(err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", errors.WithStack(err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
