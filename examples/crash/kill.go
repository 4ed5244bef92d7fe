package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
)

// tally counts the processes of a job.
type tally struct {
	job  job
	twin time.Duration // time of a process that was left alone
	// kills are the processes that were killed, writing are those that were writing a file then, and ends are those that ended.
	kills, writing, ends int
	differences          []string
}

// killAll kills each job its share of times, and prints the table.
func killAll(ctx context.Context, o *options, dir string, w io.Writer) error {
	r := rand.New(rand.NewPCG(o.seed, 0))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "job\talone, s\tkills\twhile writing\truns that ended\tdifferences\t")
	var all tally
	var reasons []string
	for i, name := range o.jobs {
		share := o.kills/len(o.jobs) + min(1, max(0, o.kills%len(o.jobs)-i))
		t, err := killJob(ctx, jobNamed(name), share, r, filepath.Join(dir, name))
		if err != nil {
			return errors.Wrap(err, name)
		}
		fmt.Fprintf(table, "%s\t%.1f\t%d\t%d\t%d\t%d\t\n", name, t.twin.Seconds(), t.kills, t.writing, t.ends, len(t.differences))
		all.kills, all.writing, all.ends = all.kills+t.kills, all.writing+t.writing, all.ends+t.ends
		for _, d := range t.differences {
			reasons = append(reasons, name+": "+d)
		}
	}
	fmt.Fprintf(table, "all\t\t%d\t%d\t%d\t%d\t\n", all.kills, all.writing, all.ends, len(reasons))
	if err := table.Flush(); err != nil {
		return err
	}
	for _, reason := range reasons {
		fmt.Fprintln(w, reason)
	}
	if len(reasons) > 0 {
		return errors.Errorf("%d differences after %d kills", len(reasons), all.kills)
	}
	return nil
}

// killJob kills processes of a job, each at a random moment, and starts the next in the same folder. Whenever one has ended by itself,
// its files are compared with the twin's, and the next begins anew.
func killJob(ctx context.Context, j job, kills int, r *rand.Rand, dir string) (*tally, error) {
	t := &tally{job: j}
	w := twin{job: j, dir: filepath.Join(dir, "alone"), other: filepath.Join(dir, "other")}
	began := time.Now()
	if err := w.make(ctx); err != nil {
		return nil, err
	}
	t.twin = time.Since(began)
	for round := 1; ; round++ {
		killed := filepath.Join(dir, fmt.Sprintf("killed-%d", round))
		if err := os.MkdirAll(killed, 0o755); err != nil {
			return nil, err
		}
		known := len(t.differences)
		for ended := false; !ended; {
			delay := time.Hour
			if t.kills < kills {
				delay = time.Duration(r.Int64N(int64(t.twin)/2 + 1))
			}
			var err error
			if ended, err = runFor(ctx, j.name, killed, delay); err != nil {
				t.differences = append(t.differences, fmt.Sprintf("after %d kills: %v", t.kills, err))
				break
			}
			if ended {
				t.ends++
				t.differences = append(t.differences, w.compare(killed)...)
			} else {
				t.kills++
				writing, differences := w.inspect(killed)
				if writing {
					t.writing++
				}
				t.differences = append(t.differences, differences...)
			}
			if len(t.differences) > 10 {
				return t, nil
			}
		}
		if len(t.differences) == known {
			if err := os.RemoveAll(killed); err != nil {
				return nil, err
			}
		}
		if t.kills >= kills {
			return t, nil
		}
	}
}

// runFor starts a process that runs a job in a folder, and kills it after a time unless it has ended. err is the process's own failure.
func runFor(ctx context.Context, name, dir string, d time.Duration) (ended bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "-run", name, "-dir", dir) // kills the process when ctx is done
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	switch {
	case err == nil:
		return true, nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && cmd.ProcessState != nil && !cmd.ProcessState.Exited() || errors.Is(err, context.DeadlineExceeded):
		return false, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	}
	return false, errors.Wrapf(err, "%s", bytes.TrimSpace(out.Bytes()))
}
