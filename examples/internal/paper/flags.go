package paper

import (
	"flag"
	"fmt"
	"strings"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
	"github.com/selfnorm/selfnorm/graphs"
)

// Flags are the flags of a comparison of networks.
type Flags struct {
	// Data is the folder with the data. Download fetches them if they are nowhere else.
	Data     string
	Download bool
	// Nets are the names of the networks, and Grid is one of Grids.
	Nets []string
	Grid string
	// Methods are the names of methods that are no networks, if the program has RegisterMethods.
	Methods []string
	// Folds is the number of folds to run, of MaxFolds, which the program sets.
	Folds, MaxFolds int
	// Out is where the results go, so that a search that was stopped goes on.
	Out      string
	Parallel int
	Seed     uint64
	// Trials say where the trials run.
	Trials trials.Flags
	// Quiet leaves out the table of running trials.
	Quiet bool

	// Served means that the program has the flag -trials.
	Served bool

	nets, methods string
	hasMethods    bool
}

// Register adds the flags. The texts describe -data, -folds and -out.
func (o *Flags) Register(f *flag.FlagSet, data, folds, out string) {
	program.MemoryFlag(f)
	f.StringVar(&o.Data, "data", "", data)
	f.BoolVar(&o.Download, "download", false, "fetch the data into the cache if they are nowhere else")
	f.StringVar(&o.nets, "nets", "all", "names of networks, separated by commas, or all")
	f.StringVar(&o.Grid, "grid", "quick", "hyperparameters to try: quick (Adam), sgd (plain gradient descent), or paper (those of its table A4 and following)")
	f.IntVar(&o.Folds, "folds", o.Folds, folds)
	f.StringVar(&o.Out, "out", "", out)
	f.IntVar(&o.Parallel, "parallel", 0, "trials at a time, each on one thread; 0 means one for each core")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the folds and of the search")
	f.BoolVar(&o.Quiet, "q", false, "do not show a table of running trials")
	o.Trials.Register(f, o.Served)
}

// RegisterMethods adds the flag -methods, beside which -nets may be none.
func (o *Flags) RegisterMethods(f *flag.FlagSet) {
	o.hasMethods = true
	f.StringVar(&o.methods, "methods", "none", "names of methods that are no networks, separated by commas, or all, or none: "+strings.Join(Methods, ", "))
}

// Check returns an error for flags that make no sense. It sets Nets and Methods.
func (o *Flags) Check() error {
	var err error
	if o.hasMethods && o.methods != "none" {
		if o.Methods, err = names("methods", o.methods, Methods); err != nil {
			return err
		}
	}
	if o.nets != "none" || len(o.Methods) == 0 {
		if o.Nets, err = names("nets", o.nets, graphs.Names()); err != nil {
			return err
		}
	}
	if err := program.CheckNames("grid", []string{o.Grid}, Grids); err != nil {
		return err
	}
	if err := o.Trials.Check(o.Out); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "folds", OK: o.Folds >= 1 && o.Folds <= o.MaxFolds, Got: o.Folds, Want: fmt.Sprintf("1 to %d", o.MaxFolds)},
		program.Check{Flag: "parallel", OK: o.Parallel >= 0 && o.Parallel <= 1024, Got: o.Parallel, Want: "0 to 1024"},
	)
}

// names returns the names of a list, or all that are known.
func names(flag, list string, known []string) ([]string, error) {
	if list == "all" {
		return known, nil
	}
	names := program.List(list)
	return names, program.CheckNames(flag, names, known)
}
