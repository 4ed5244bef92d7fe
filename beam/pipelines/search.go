package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/pkg/errors"
)

// Search runs the searches of a program: the trials on Beam, and everything else, such as the selection and the tables, in the program.
type Search struct {
	// Command is the program with its flags, among them -out.
	Command []string
	// Results is the results file that -out means, beside which those of the pipeline go.
	Results string
	// Dir is a folder for the results of the workers, which may be in an object store.
	Dir string
	// Workers is the number of processes on each worker of Beam; 0 means one for each core.
	Workers        int
	Stdout, Stderr io.Writer
}

// mostRounds bounds the steps of a search: the trials of a later step depend on those of an earlier one.
const mostRounds = 10

// Run runs the trials that have no result yet, step by step, and then the program, which merges the results and writes its tables.
func (s *Search) Run(ctx context.Context) error {
	before := ""
	for range mostRounds {
		if err := s.collect(ctx); err != nil {
			return err
		}
		jobs, err := s.output(ctx, "-trials", "list")
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			s.report()
			return s.merge(ctx)
		}
		if string(jobs) == before {
			return errors.Errorf("the pipeline has ended and %d trials have no results", bytes.Count(jobs, []byte("\n")))
		}
		before = string(jobs)
		file := Join(s.Dir, "jobs-"+sumOf(jobs)+".txt")
		if err := Write(ctx, file, bytes.NewReader(jobs)); err != nil {
			return err
		}
		fmt.Fprintf(s.Stderr, "%d trials\n", bytes.Count(jobs, []byte("\n")))
		serve := append(append([]string{}, s.Command...), "-trials", "serve")
		if err := Run(ctx, func(scope beam.Scope) { Trials(scope, file, serve, s.Dir, s.Workers) }); err != nil {
			return err
		}
	}
	return errors.Errorf("trials are missing after %d steps", mostRounds)
}

// collect copies the results of the workers beside the results file, where the program finds them as those of shards.
func (s *Search) collect(ctx context.Context) error {
	files, err := Glob(ctx, Join(s.Dir, "*"+resultsSuffix))
	if err != nil {
		return err
	}
	for _, f := range files {
		to := s.shardPath(strings.TrimSuffix(base(f), resultsSuffix))
		if _, err := os.Stat(to); err == nil || strings.HasPrefix(base(f), ".") {
			continue
		}
		if err := Copy(ctx, f, to); err != nil {
			return err
		}
	}
	return nil
}

// shardPath is the name of a file of results, in which the programs look for those of shards.
func (s *Search) shardPath(name string) string {
	ext := filepath.Ext(s.Results)
	return strings.TrimSuffix(s.Results, ext) + ".shard-beam-" + name + ext
}

// output runs the program with further flags and returns its output.
func (s *Search) output(ctx context.Context, more ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.Command[0], append(append([]string{}, s.Command[1:]...), more...)...)
	stderr := &tail{}
	cmd.Stderr = stderr
	out, err := cmd.Output()
	return out, errors.Wrapf(err, "%s %s: %s", s.Command[0], strings.Join(more, " "), stderr.last())
}

// merge runs the program with -merge, and shows what it prints.
func (s *Search) merge(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, s.Command[0], append(append([]string{}, s.Command[1:]...), "-merge")...)
	cmd.Stdout, cmd.Stderr = s.Stdout, s.Stderr
	return errors.Wrap(cmd.Run(), s.Command[0]+" -merge")
}

// report counts the trials that ran on Beam, and names those that failed, with their settings. It reads the results: counters of Beam may count
// a trial twice, and those of Prism miss some.
func (s *Search) report() {
	trials, failed := map[string]bool{}, 0
	files, err := filepath.Glob(s.shardPath("*"))
	if err != nil {
		return // the name is a strange pattern
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // -merge says so
		}
		for line := range bytes.Lines(text) {
			var r struct {
				Point   json.RawMessage `json:"point"`
				Failure string          `json:"failure"`
			}
			if json.Unmarshal(line, &r) != nil || r.Point == nil || trials[string(line)] {
				continue
			}
			trials[string(line)] = true
			if r.Failure != "" {
				failed++
				fmt.Fprintf(s.Stderr, "failed: %s: %s\n", r.Point, r.Failure)
			}
		}
	}
	fmt.Fprintf(s.Stderr, "%d trials finished, %d failed\n", len(trials), failed)
}

// Absolute returns a command whose program has an absolute path if it has a path at all.
func Absolute(command []string) ([]string, error) {
	if len(command) == 0 {
		return nil, errors.New("there is no program: want it with its flags behind --")
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, errors.WithStack(err)
	}
	return append([]string{path}, command[1:]...), nil
}
