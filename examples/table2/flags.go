package main

import (
	"flag"
	"io"
	"slices"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
	"github.com/selfnorm/selfnorm/graphs"
)

// about says for -help what the program does.
const about = "Repeats table 2 of the paper: ROC-AUC on Tox21 of seven networks with 2 to 32 hidden layers. Settings are selected on official\n" +
	"validation folds. The same -out continues a run that was stopped."

// The values of -grid and -features.
const (
	quick    = "quick"
	paper    = "paper"
	ours     = "ours"
	official = "official"
)

// options are the flags.
type options struct {
	data, grid, features, out string
	published                 string
	download, synthetic       bool
	nets                      []string
	layers                    []int
	folds, repeats            int
	epochs, units             int
	parallel                  int
	seed                      uint64
	quiet                     bool
	trials                    trials.Flags
}

// parseFlags returns the options, or an exit code >= 0 if the program must end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	var o options
	var nets, layers string
	f := flag.NewFlagSet("table2", flag.ContinueOnError)
	program.MemoryFlag(f)
	f.StringVar(&o.data, "data", "", "folder with the compounds, or with the official matrices; otherwise $SELFNORM_DATA/tox21, the cache, or the program's own copy")
	f.BoolVar(&o.download, "download", false, "fetch the data into the cache if they are nowhere else")
	f.BoolVar(&o.synthetic, "synthetic", false, "use made-up molecules instead")
	f.StringVar(&o.features, "features", ours, "ours, those of examples/tox21, or official, the challenge's descriptors and substructures, as in the paper")
	f.StringVar(&nets, "nets", "all", "names of networks, separated by commas, or all")
	f.StringVar(&layers, "layers", "2,3,4,6,8,16,32", "hidden layers, or residual blocks, separated by commas")
	f.StringVar(&o.grid, "grid", quick, "settings to try: quick (Adam), or paper (those of its tables A14 to A20, plain gradient descent)")
	f.IntVar(&o.folds, "folds", 2, "official folds to select on, 1 to 5, beginning with fold 0")
	f.IntVar(&o.repeats, "repeats", 5, "networks to train with the selected settings")
	f.IntVar(&o.epochs, "epochs", 0, "passes over the training compounds; 0 means 10 in the quick grid and 100 in the paper's")
	f.IntVar(&o.units, "units", 256, "units of each hidden layer in the quick grid")
	f.StringVar(&o.out, "out", "", "folder for the trials, to go on from, the tables and the picture")
	f.StringVar(&o.published, "paper", "", "CSV file with the paper's table 2 to print beside ours; otherwise $SELFNORM_DATA/paper/tox21_auc.csv")
	f.IntVar(&o.parallel, "parallel", 0, "trials at a time, each on one thread; 0 means one for each core")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the search")
	f.BoolVar(&o.quiet, "q", false, "do not show a table of running trials")
	o.trials.Register(f, true)
	code := program.Parse(f, about, args, stderr, func() error { return o.check(nets, layers) })
	return o, code
}

// check returns an error for flags that make no sense. It sets nets, layers and epochs.
func (o *options) check(nets, layers string) error {
	o.nets = program.List(nets)
	if nets == "all" {
		o.nets = graphs.Names()
	}
	if err := program.CheckNames("nets", o.nets, graphs.Names()); err != nil {
		return err
	}
	for _, text := range program.List(layers) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 || slices.Contains(o.layers, n) {
			return errors.Errorf("-layers %s: %q, want different numbers from 1 to 1000", layers, text)
		}
		o.layers = append(o.layers, n)
	}
	slices.Sort(o.layers)
	if o.epochs == 0 {
		if o.epochs = 10; o.grid == paper {
			o.epochs = 100
		}
	}
	if o.synthetic && (o.data != "" || o.features == official) {
		return errors.New("-synthetic true: want neither -data nor -features official beside it")
	}
	if err := program.CheckNames("grid", []string{o.grid}, []string{quick, paper}); err != nil {
		return err
	}
	if err := program.CheckNames("features", []string{o.features}, []string{ours, official}); err != nil {
		return err
	}
	if err := o.trials.Check(o.out); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "layers", OK: len(o.layers) > 0, Got: layers, Want: "at least one number"},
		program.Check{Flag: "folds", OK: o.folds >= 1 && o.folds <= 5, Got: o.folds, Want: "1 to 5"},
		program.Check{Flag: "repeats", OK: o.repeats >= 1 && o.repeats <= 1000, Got: o.repeats, Want: "1 to 1000"},
		program.Check{Flag: "epochs", OK: o.epochs >= 1 && o.epochs <= 1e6, Got: o.epochs, Want: "0 to 1000000"},
		program.Check{Flag: "units", OK: o.units >= 1 && o.units <= 1<<16, Got: o.units, Want: "1 to 65536"},
		program.Check{Flag: "parallel", OK: o.parallel >= 0 && o.parallel <= 1024, Got: o.parallel, Want: "0 to 1024"},
	)
}
