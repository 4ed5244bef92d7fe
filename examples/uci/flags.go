package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/graphs"
)

// options are the flags.
type options struct {
	data, out, json, paper string
	tasks, nets, grid      string
	folds, parallel        int
	seed                   uint64
	quiet, download        bool
}

// parseFlags returns the options, or an exit code >= 0 if the program is to end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	var o options
	f := flag.NewFlagSet("uci", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.data, "data", "", "folder with the tasks; otherwise $SELFNORM_DATA/uci, the cache, or a synthetic task")
	f.BoolVar(&o.download, "download", false, "fetch the tasks into the cache if they are nowhere else")
	f.StringVar(&o.tasks, "tasks", "small", "names of tasks, separated by commas, or all, or small: those of at most 1,000 rows")
	f.StringVar(&o.nets, "nets", "all", "names of networks, separated by commas, or all")
	f.StringVar(&o.grid, "grid", "quick", "hyperparameters to try: quick, or paper for those of its table A4 and following")
	f.IntVar(&o.folds, "folds", 1, "folds of each task, 1 to 4, beginning with fold 0")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the search")
	f.IntVar(&o.parallel, "parallel", 0, "trials at a time, each on one thread; 0 means one for each core")
	f.StringVar(&o.out, "out", "", "results file, one line for each finished trial, to go on from")
	f.StringVar(&o.json, "json", "", "file for the summary as JSON")
	f.StringVar(&o.paper, "paper", "", "CSV file with the paper's table A11 to print beside ours; otherwise $SELFNORM_DATA/paper/uci_accuracy.csv")
	f.BoolVar(&o.quiet, "q", false, "no table of what runs")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "usage: uci [flags]")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return o, 0
	}
	if err == nil && f.NArg() > 0 {
		err = errors.Errorf("unexpected argument %q", f.Arg(0))
	}
	if err == nil {
		err = o.check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "uci: %v (-help lists the flags)\n", err)
		return o, 2
	}
	return o, -1
}

func (o *options) check() error {
	switch {
	case !slices.Contains(paper.Grids, o.grid):
		return errors.Errorf("-grid %s: want one of %s", o.grid, strings.Join(paper.Grids, ", "))
	case o.folds < 1 || o.folds > 4:
		return errors.Errorf("-folds %d: want 1 to 4", o.folds)
	case o.parallel < 0:
		return errors.Errorf("-parallel %d: want 0 or more", o.parallel)
	case o.tasks == "":
		return errors.New("-tasks is empty")
	}
	for _, net := range o.networks() {
		if !slices.Contains(graphs.Networks(), net) {
			return errors.Errorf("-nets %s: want some of %s", net, strings.Join(graphs.Networks(), ", "))
		}
	}
	return nil
}

// networks are the names of -nets.
func (o *options) networks() []string {
	if o.nets == "all" {
		return graphs.Networks()
	}
	return strings.Split(o.nets, ",")
}
