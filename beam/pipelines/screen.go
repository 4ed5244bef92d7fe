package pipelines

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/pkg/errors"
)

func init() { register.DoFn3x1[context.Context, string, func(string), error](&screenFn{}) }

// Screen adds the predictions for files to a pipeline. parts is a file with a part of a file on each line: its path, and the number and count of
// the part as in the flag -shard, separated by tabs. command is a program with -predict and -shard, with its model. The answers go to
// CSV files in the folder dir. A part whose process fails twice is named in a file of dir that ends in FailedSuffix; the others go on.
func Screen(s beam.Scope, parts string, command []string, model, dir string, workers int) {
	s = s.Scope("screen")
	lines := beam.Reshuffle(s, textio.Read(s, parts))
	end(s, beam.ParDo(s, &screenFn{Command: command, Model: model, Dir: dir, Workers: workers}, lines))
}

// FailedSuffix ends the names of the files with parts that failed.
const FailedSuffix = ".failed.txt"

// Counters of the pipeline, for the display of a runner.
var (
	rowsDone    = beam.NewCounter("selfnorm", "rows")
	rowsBad     = beam.NewCounter("selfnorm", "bad_rows")
	partsFailed = beam.NewCounter("selfnorm", "failed_parts")
)

// screenFn predicts parts of files.
type screenFn struct {
	Command    []string
	Model, Dir string
	Workers    int

	running sync.WaitGroup
	mu      sync.Mutex
	done    tally
	err     error
}

// tally counts rows and parts. As JSON it stands beside the answers of a part.
type tally struct {
	Rows int64 `json:"rows"`
	Bad  int64 `json:"bad"`

	failed int64
}

// tallySuffix ends the names of the files with the tally of a part.
const tallySuffix = ".count.json"

// StartBundle begins a bundle.
func (f *screenFn) StartBundle(context.Context, func(string)) error {
	f.done, f.err = tally{}, nil
	return nil
}

// ProcessElement waits for a slot and hands a part to a process. It emits the part.
func (f *screenFn) ProcessElement(ctx context.Context, line string, emit func(string)) error {
	if err := acquire(ctx, f.Workers); err != nil {
		return err
	}
	f.running.Go(func() {
		defer release()
		done, err := f.part(ctx, line)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.done.Rows, f.done.Bad, f.done.failed = f.done.Rows+done.Rows, f.done.Bad+done.Bad, f.done.failed+done.failed
		if f.err == nil {
			f.err = err
		}
	})
	emit(line)
	return nil
}

// FinishBundle waits for the parts of the bundle.
func (f *screenFn) FinishBundle(ctx context.Context, _ func(string)) error {
	f.running.Wait()
	rowsDone.Inc(ctx, f.done.Rows)
	rowsBad.Inc(ctx, f.done.Bad)
	partsFailed.Inc(ctx, f.done.failed)
	return f.err
}

// part predicts a part, and writes why if it cannot. The error is one of the folder.
func (f *screenFn) part(ctx context.Context, line string) (tally, error) {
	path, shard, err := parsePart(line)
	if err != nil {
		return tally{}, err
	}
	name, err := partName(line)
	if err != nil {
		return tally{}, err
	}
	done, err := f.predict(ctx, path, shard, name+".csv")
	if err == nil || ctx.Err() != nil {
		return done, err
	}
	text := fmt.Sprintf("%s, part %s: %v\n", path, shard, err)
	return tally{failed: 1}, Write(ctx, Join(f.Dir, name+FailedSuffix), strings.NewReader(text))
}

// parsePart reads a line of the file of parts.
func parsePart(line string) (path, shard string, err error) {
	fields := strings.Split(line, "\t")
	if len(fields) != 3 {
		return "", "", errors.Errorf("%q: want a path, a number and a count", line)
	}
	return fields[0], fields[1] + "/" + fields[2], nil
}

// partName is the name of the answers of a part, without .csv.
func partName(line string) (string, error) {
	path, shard, err := parsePart(line)
	if err != nil {
		return "", err
	}
	number, of, _ := strings.Cut(shard, "/")
	return fmt.Sprintf("%s.%05s-of-%05s", base(path), number, of), nil
}

// predict runs the program on a part, at most twice: the second process continues where the first one ended.
func (f *screenFn) predict(ctx context.Context, path, shard, name string) (done tally, err error) {
	input, err := fetch(ctx, path)
	if err != nil {
		return done, err
	}
	model, err := fetch(ctx, f.Model)
	if err != nil {
		return done, err
	}
	folder := f.Dir
	if !IsLocal(f.Dir) {
		if folder, err = os.MkdirTemp("", "selfnorm-beam-"); err != nil {
			return done, errors.WithStack(err)
		}
		defer os.RemoveAll(folder)
	}
	out := filepath.Join(folder, name)
	number, of, _ := strings.Cut(shard, "/")
	ext := filepath.Ext(out)
	written := fmt.Sprintf("%s.shard-%s-of-%s%s", strings.TrimSuffix(out, ext), number, of, ext) // as the program names it
	args := append(append([]string{}, f.Command[1:]...), "-model", model, "-predict", input, "-shard", shard, "-out", out, "-q")
	for range 2 {
		cmd := exec.CommandContext(ctx, f.Command[0], args...)
		errText := &tail{}
		cmd.Stderr = errText
		if err = cmd.Run(); err == nil {
			break
		}
		err = errors.Wrap(err, strings.ReplaceAll(errText.last(), input, path))
	}
	if err != nil {
		return done, err
	}
	if input != path {
		local := written
		written += ".named"
		if err := rename(local, written, input, path); err != nil {
			return done, err
		}
	}
	if done, err = count(written); err != nil {
		return done, err
	}
	text, err := json.Marshal(done)
	if err != nil {
		return done, errors.WithStack(err)
	}
	if err := Write(ctx, Join(f.Dir, strings.TrimSuffix(name, ".csv")+tallySuffix), bytes.NewReader(text)); err != nil {
		return done, err
	}
	if IsLocal(f.Dir) {
		return done, errors.WithStack(os.Rename(written, out))
	}
	return done, Copy(ctx, written, Join(f.Dir, name))
}

// rename copies a file of predictions whose errors name a local copy of the input, so that they name the input.
func rename(from, to, local, input string) error {
	r, err := os.Open(from)
	if err != nil {
		return errors.WithStack(err)
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return errors.WithStack(err)
	}
	defer w.Close()
	rows, answers := csv.NewReader(r), csv.NewWriter(w)
	rows.ReuseRecord = true
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.Wrap(err, from)
		}
		last := &row[len(row)-1]
		if rest, ok := strings.CutPrefix(*last, local); ok {
			*last = input + rest
		}
		if err := answers.Write(row); err != nil {
			return errors.WithStack(err)
		}
	}
	answers.Flush()
	if err := answers.Error(); err != nil {
		return errors.WithStack(err)
	}
	if err := w.Close(); err != nil {
		return errors.WithStack(err)
	}
	return errors.WithStack(os.Remove(from))
}

// count counts the rows of a file of predictions, and those with an error in the last column.
func count(path string) (done tally, err error) {
	file, err := os.Open(path)
	if err != nil {
		return done, errors.WithStack(err)
	}
	defer file.Close()
	rows := csv.NewReader(file)
	rows.ReuseRecord = true
	for first := true; ; first = false {
		row, err := rows.Read()
		switch {
		case err == io.EOF:
			return done, nil
		case err != nil:
			return done, errors.Wrap(err, path)
		case first:
			continue
		}
		done.Rows++
		if row[len(row)-1] != "" {
			done.Bad++
		}
	}
}

// Parts returns the lines of a file of parts: each file in n parts.
func Parts(files []string, n int) string {
	var b strings.Builder
	for k := 1; k <= n; k++ {
		for _, f := range files {
			b.WriteString(f + "\t" + strconv.Itoa(k) + "\t" + strconv.Itoa(n) + "\n")
		}
	}
	return b.String()
}
