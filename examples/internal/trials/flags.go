package trials

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/search"
)

// The values of -trials.
const (
	list  = "list"
	serve = "serve"
)

// Flags say where the trials of a program run. The zero value means here.
type Flags struct {
	// Shard is the part of the trials to run. Each part has its own results file, named by Shard.Path.
	Shard program.Shard
	// Merge brings the results files of the shards together, and runs nothing.
	Merge bool

	shard, mode string
	others      int // trials of other parts that are missing
	unfinished  bool
}

// Register adds -shard and -merge, and -trials for programs whose trials can run in processes without the program's own results file.
func (f *Flags) Register(flags *flag.FlagSet, served bool) {
	flags.StringVar(&f.shard, "shard", "", "run a part of the trials, with a results file of its own beside -out: "+program.ShardSyntax)
	flags.BoolVar(&f.Merge, "merge", false, "add the results of all shards to -out, and write the tables; trials that are missing are an error")
	if served {
		flags.StringVar(&f.mode, "trials", "", "list: print the trials without a result, a line of JSON for each; serve: run those from the standard input")
	}
}

// Check returns an error for flags that make no sense beside each other or beside -out.
func (f *Flags) Check(out string) (err error) {
	if f.Shard, err = program.ParseShard(f.shard, os.Getenv); err != nil {
		return err
	}
	switch {
	case f.mode != "" && f.mode != list && f.mode != serve:
		return errors.Errorf("-trials %s: want list or serve", f.mode)
	case f.mode != "" && (f.Merge || f.shard != ""), f.Merge && f.shard != "":
		return errors.New("only one of -shard, -merge and -trials")
	case f.shard != "" && out == "":
		return errors.New("-shard: want -out beside it, beside which its results go")
	case f.Merge && out == "":
		return errors.New("-merge: want -out beside it, to which the results go")
	}
	return nil
}

// Partial reports whether the run ends without tables, with the lines of -trials as its only output.
func (f *Flags) Partial() bool { return !f.Shard.IsWhole() || f.mode != "" }

// Streams reports whether the standard output belongs to -trials.
func (f *Flags) Streams() bool { return f.mode != "" }

// Out returns the results file that the run writes; empty if it writes none.
func (f *Flags) Out(results string) string {
	if f.mode != "" {
		return ""
	}
	return f.Shard.Path(results)
}

// Apply sets where the trials of a search run. c.Results is the file of the whole search, or empty. Reading stdin ends with ctx.
func (f *Flags) Apply(ctx context.Context, c *search.Config, stdin io.Reader, stdout, stderr io.Writer) error {
	whole := c.Results
	c.Warn = func(text string) { fmt.Fprintln(stderr, "warning: "+text) }
	var shards []string
	var err error
	if whole != "" && (f.Merge || f.mode == list) {
		if shards, err = program.ShardFiles(whole); err != nil {
			return err
		}
	}
	c.Results = f.Out(whole)
	switch {
	case f.Merge:
		c.Merge, c.Runner = shards, search.Nowhere{}
	case f.mode == serve:
		c.Runner, c.Table = search.Serve{In: program.Interruptible(ctx, stdin), Out: program.Strict(stdout)}, nil
	case f.mode == list:
		c.Runner, c.Table = search.List{Out: program.Strict(stdout)}, nil
		c.Known = append(exists(whole), shards...)
	case !f.Shard.IsWhole():
		c.Runner, c.Known = search.Shard(f.Shard), exists(whole)
	}
	return nil
}

func exists(path string) []string {
	if _, err := os.Stat(path); path == "" || err != nil {
		return nil
	}
	return []string{path}
}

// Rest takes the error of a search. It returns nil if the search has done its part and the program can go on to its next search, without
// results of this one.
func (f *Flags) Rest(err error) error {
	var missing *search.Missing
	switch {
	case errors.Is(err, search.ErrServed):
		f.unfinished = true
		return nil
	case errors.As(err, &missing) && f.Merge:
		return errors.WithMessage(err, "-merge: start their shards (again), or the program without -merge to run them here")
	case errors.As(err, &missing) && f.Partial():
		f.others += len(missing.Jobs)
		f.unfinished = true
		return nil
	}
	return err
}

// Ended reports whether the program ends without tables, and says why.
func (f *Flags) Ended(stderr io.Writer) bool {
	if !f.Shard.IsWhole() {
		fmt.Fprintf(stderr, "shard %d of %d: its trials are finished; %d of other shards are missing. -merge brings them together.\n", f.Shard.Number, f.Shard.Of, f.others)
	}
	return f.Partial() || f.unfinished
}

// OutFiles returns the names of results files as the run writes them.
func (f *Flags) OutFiles(names []string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = f.Shard.Path(name)
	}
	return names
}
