// Command crash shows that a process may be killed at any moment and loses nothing. It starts trainings, ensembles, searches and programs
// that write predictions, kills them (SIGKILL), starts them again until they end, and compares what they leave behind with the files of
// a process that was left alone: weights to the last bit, logs and results line by line. It prints a table and ends with exit code 1 if a
// file differs or was ever seen half written.
//
//	go run ./examples/crash -kills 500
//
// With -soak it trains for a long time instead, with checkpoints, probes, logs, TensorBoard and the live page, and ends with exit code 1
// if memory, open files, goroutines or the time of a step or an epoch grow:
//
//	go run ./examples/crash -soak 1h
//
// With -stream it predicts a long file of molecules by examples/tox21, which it builds, once alone and once killed again and again, compares the bytes and
// measures the memory:
//
//	go run ./examples/crash -stream 1000000 -kills 10
package main

import (
	"context"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Kills trainings, ensembles, searches and predictions at random moments, and compares what they leave behind with the files\n" +
	"of processes that were left alone. With -soak it trains for a long time instead, and with -stream it predicts a long file."

// options are the flags.
type options struct {
	kills int
	jobs  []string
	seed  uint64
	soak  time.Duration
	every time.Duration
	rows  int
	json  string

	molecules int
	out       string // what the name of the output of -stream ends in

	job string
	dir string
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("crash", flag.ContinueOnError)
	f.IntVar(&o.kills, "kills", 40, "kills in all")
	names := f.String("jobs", strings.Join(jobNames(), ","), "what to kill")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the moments of the kills")
	f.DurationVar(&o.soak, "soak", 0, "time to train, such as 1h, instead of killing")
	f.DurationVar(&o.every, "every", time.Minute, "time from one measurement of -soak to the next")
	f.IntVar(&o.rows, "rows", 500_000, "rows that -soak trains on; so many that an epoch takes a second or more")
	f.IntVar(&o.molecules, "stream", 0, "molecules of a file that is predicted while its processes are killed, instead of the jobs")
	parquet := f.Bool("parquet", false, "let -stream write Parquet files")
	f.StringVar(&o.json, "json", "", "file for the measurements of -soak as JSON")
	f.StringVar(&o.job, "run", "", "run one job in the folder -dir to its end, as the processes do that are killed")
	f.StringVar(&o.dir, "dir", "", "folder for the files, which stay; otherwise a temporary one, which stays if there are differences")
	code := program.Parse(f, about, args, stderr, func() error {
		o.jobs, o.out = program.List(*names), csvOut
		if *parquet {
			o.out = parquetOut
		}
		if err := program.CheckNames("jobs", o.jobs, jobNames()); err != nil {
			return err
		}
		return program.CheckAll(
			program.Check{Flag: "kills", OK: o.kills >= 1 && o.kills <= 1e6, Got: o.kills, Want: "1 to 1000000"},
			program.Check{Flag: "soak", OK: o.soak >= 0, Got: o.soak, Want: "a time, such as 1h"},
			program.Check{Flag: "every", OK: o.every > 0, Got: o.every, Want: "a time, such as 1m"},
			program.Check{Flag: "rows", OK: o.rows >= 1 && o.rows <= 1e8, Got: o.rows, Want: "1 to 100000000"},
			program.Check{Flag: "run", OK: o.job == "" || slices.Contains(jobNames(), o.job), Got: o.job, Want: strings.Join(jobNames(), ", ")},
			program.Check{Flag: "run", OK: o.job == "" || o.dir != "", Got: o.job, Want: "a folder beside it, -dir DIR"},
			program.Check{Flag: "stream", OK: o.molecules >= 0 && o.molecules <= 1e9 && (o.molecules == 0 || o.soak == 0), Got: o.molecules, Want: "0 to 1000000000, without -soak"},
			program.Check{Flag: "parquet", OK: !*parquet || o.molecules > 0, Got: *parquet, Want: "-stream beside it"},
			program.Check{Flag: "json", OK: o.json == "" || o.soak > 0, Got: o.json, Want: "-soak beside it"},
		)
	})
	if code >= 0 {
		return code
	}
	return program.Exit("crash", o.action(ctx, stdout), stderr)
}

func (o *options) action(ctx context.Context, w io.Writer) error {
	if o.job != "" {
		return jobNamed(o.job).run(ctx, o.dir)
	}
	var files program.Files
	files.Out("-json", o.json)
	files.OutFolder("-dir", o.dir)
	if err := files.Try(); err != nil {
		return err
	}
	dir, done, err := o.folder()
	if err != nil {
		return err
	}
	switch {
	case o.soak > 0:
		err = soak(ctx, o, dir, w)
	case o.molecules > 0:
		err = streaming(ctx, o, dir, w)
	default:
		err = killAll(ctx, o, dir, w)
	}
	return done(err)
}

// folder makes the folder for the files. done removes a temporary one unless there was an error.
func (o *options) folder() (dir string, done func(error) error, err error) {
	if o.dir != "" {
		return o.dir, func(err error) error { return err }, os.MkdirAll(o.dir, 0o755)
	}
	dir, err = os.MkdirTemp("", "crash")
	return dir, func(err error) error {
		if err != nil {
			return errors.Wrapf(err, "files in %s", dir)
		}
		return os.RemoveAll(dir)
	}, err
}
