package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/pkg/errors"
)

func init() { register.DoFn3x1[context.Context, string, func(string), error](&tryFn{}) }

// Trials adds the trials of a search to a pipeline. jobs is a file with a trial on each line, as the flag -trials list of a program writes it. command is
// that program with its flags and -trials serve. The results go to files in the folder dir, each a results file with the trials of a bundle, or
// of some time: what is there is not lost if the pipeline ends. workers is the number of processes on each worker of Beam; 0 means one for
// each core.
//
// A trial that fails or panics has a result that says so. So has one with which its process crashes twice.
func Trials(s beam.Scope, jobs string, command []string, dir string, workers int) {
	s = s.Scope("trials")
	lines := beam.Reshuffle(s, textio.Read(s, jobs))
	end(s, beam.ParDo(s, &tryFn{Command: command, Dir: dir, Workers: workers}, lines))
}

// tryFn runs trials.
type tryFn struct {
	Command []string
	Dir     string
	Workers int

	running sync.WaitGroup
	mu      sync.Mutex
	header  string
	results []string
	failed  int64
	err     error
	began   time.Time // since the last file
}

// Counters of the pipeline, for the display of a runner.
var (
	trialsDone   = beam.NewCounter("selfnorm", "trials")
	trialsFailed = beam.NewCounter("selfnorm", "failed_trials")
)

// flushTime is the time after which results are written though the bundle goes on.
const flushTime = 15 * time.Second

// StartBundle begins a bundle.
func (f *tryFn) StartBundle(context.Context, func(string)) error {
	f.results, f.err, f.failed, f.began = nil, nil, 0, time.Now()
	return nil
}

// ProcessElement waits for a slot and hands a trial to a process. It emits the trial.
func (f *tryFn) ProcessElement(ctx context.Context, job string, emit func(string)) error {
	if err := acquire(ctx, f.Workers); err != nil {
		return err
	}
	f.running.Go(func() {
		defer release()
		header, result, failed, err := try(f.Command, job)
		f.mu.Lock()
		defer f.mu.Unlock()
		if err != nil {
			f.err = err
			return
		}
		f.header, f.results = header, append(f.results, result)
		if failed {
			f.failed++
		}
	})
	emit(job)
	if time.Since(f.began) > flushTime {
		return f.flush(ctx)
	}
	return nil
}

// FinishBundle waits for the trials of the bundle.
func (f *tryFn) FinishBundle(ctx context.Context, _ func(string)) error {
	f.running.Wait()
	return f.flush(ctx)
}

// flush writes the results so far to a file.
func (f *tryFn) flush(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.results) > 0 {
		text := []byte(f.header + strings.Join(f.results, "\n") + "\n")
		if err := Write(ctx, Join(f.Dir, sumOf(text)+resultsSuffix), bytes.NewReader(text)); err != nil {
			return err
		}
		trialsDone.Inc(ctx, int64(len(f.results)))
		trialsFailed.Inc(ctx, f.failed)
	}
	f.results, f.failed, f.began = nil, 0, time.Now()
	return f.err
}

// resultsSuffix is that of results files.
const resultsSuffix = ".jsonl"

// try runs a trial in a process, and once more in another one if that crashes.
func try(command []string, job string) (header, result string, failed bool, err error) {
	for range 2 {
		p, perr := take(command)
		if perr != nil {
			return "", "", false, perr // it does not even begin
		}
		header = p.header
		if result, err = p.answer(job); err == nil {
			put(command, p)
			var r struct {
				Failure string `json:"failure"`
			}
			if err := json.Unmarshal([]byte(result), &r); err != nil {
				return "", "", false, errors.Wrapf(err, "the answer for %s", job)
			}
			return header, result, r.Failure != "", nil
		}
		if !crashed(err) {
			return "", "", false, err // it refuses the trial
		}
	}
	result, err = crash(job, err)
	return header, result, true, err
}

// crash returns the result of a trial whose process crashed.
func crash(job string, why error) (string, error) {
	var r struct {
		Fold    int             `json:"fold,omitempty"`
		Epochs  int             `json:"epochs,omitempty"`
		Point   json.RawMessage `json:"point"`
		Failure string          `json:"failure"`
		Data    string          `json:"data,omitempty"`
	}
	if err := json.Unmarshal([]byte(job), &r); err != nil {
		return "", errors.Wrap(err, job)
	}
	r.Failure = "the process of the trial crashed twice: " + why.Error()
	text, err := json.Marshal(r)
	return string(text), err
}
