// Command htru2 repeats the paper's experiment on pulsar candidates: for each network a nested ten-fold cross-validation,
// selection by the paper's rule on the validation part, ROC-AUC on the test part.
//
//	go run ./examples/htru2 -data DIR -grid quick -out DIR
//
// A search that was stopped goes on where it was when it is started again with the same -out.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/graphs"
)

// options are the flags.
type options struct {
	data, nets, grid, out string
	folds, parallel       int
	seed                  uint64
	quiet, download       bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("htru2", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.data, "data", "", "folder with HTRU_2.csv; otherwise $SELFNORM_DATA/htru2, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the data into the cache if they are nowhere else")
	f.StringVar(&o.nets, "nets", "all", "names of networks, separated by commas, or all")
	f.StringVar(&o.grid, "grid", "quick", "hyperparameters to try: quick or paper")
	f.IntVar(&o.folds, "folds", 10, "outer folds to run, 1 to 10")
	f.IntVar(&o.parallel, "parallel", 0, "trials at a time, each on one thread; 0 means one for each core")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the folds and of the search")
	f.StringVar(&o.out, "out", "", "folder for a results file of each network, to go on from")
	f.BoolVar(&o.quiet, "q", false, "no table of what runs")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "usage: htru2 [flags]")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return 0
	}
	if err == nil {
		err = o.check(f.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "htru2: %v (-help lists the flags)\n", err)
		return 2
	}
	if err := compare(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "htru2: "+strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	return 0
}

func (o *options) check(args []string) error {
	switch {
	case len(args) > 0:
		return errors.Errorf("unexpected argument %q", args[0])
	case !slices.Contains(paper.Grids, o.grid):
		return errors.Errorf("-grid %s: want one of %s", o.grid, strings.Join(paper.Grids, ", "))
	case o.folds < 1 || o.folds > 10:
		return errors.Errorf("-folds %d: want 1 to 10", o.folds)
	case o.parallel < 0:
		return errors.Errorf("-parallel %d: want 0 or more", o.parallel)
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

// results is the results file of a network, or empty for none.
func (o *options) results(net string) string {
	if o.out == "" {
		return ""
	}
	return filepath.Join(o.out, net+".jsonl")
}
